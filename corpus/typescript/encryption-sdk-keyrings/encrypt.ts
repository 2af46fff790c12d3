import { buildEncrypt, KmsKeyringNode } from "@aws-crypto/client-node";
import buildKeyring from "./keyring.js";

const KEYS = "arn:aws:kms:eu-west-2:123456789012:key/";
const { encrypt } = buildEncrypt({ maxEncryptedDataKeys: 5 });

let keyring: KmsKeyringNode | undefined;

export const encryptData = async (text: string): Promise<string> => {
  keyring ??= await buildKeyring(`${KEYS}generator`, `${KEYS}wrapping`, `${KEYS}backup`);
  const { result } = await encrypt(keyring!, text, { encryptionContext: { stage: "prod" } });
  return result.toString("base64");
};
