import { buildDecrypt, KmsKeyringNode } from "@aws-crypto/client-node";

const client = buildDecrypt();

export const decryptData = async (data: string): Promise<string> => {
  const keyring = new KmsKeyringNode({ keyIds: ["arn:aws:kms:eu-west-2:123456789012:key/archive"] });
  const { plaintext } = await client.decrypt(keyring, Buffer.from(data, "base64"));
  return plaintext.toString("utf8");
};
