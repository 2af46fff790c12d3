import { KmsKeyringNode } from "@aws-crypto/client-node";

export interface KeyringConfig {
  generatorKeyId?: string;
  keyIds: string[];
}

const config: KeyringConfig = { keyIds: [] };

const wrapping = async (main: string, backup?: string): Promise<string[]> => (backup ? [main, backup] : [main]);

const buildKeyring = async (generator: string, main: string, backup?: string): Promise<KmsKeyringNode> => {
  config.keyIds = await wrapping(main, backup);
  config.generatorKeyId = generator;
  return new KmsKeyringNode(config);
};

export default buildKeyring;
