'use strict';

const { createCipheriv, randomBytes } = require('node:crypto');
const { KMSClient, EncryptCommand, GenerateDataKeyCommand } = require('@aws-sdk/client-kms');

const kms = new KMSClient({});
const KEY = 'alias/patient-records';

async function seal(plaintext) {
  const { Plaintext, CiphertextBlob } = await kms.send(
    new GenerateDataKeyCommand({ KeyId: KEY, KeySpec: 'AES_256' }),
  );
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Plaintext, iv);
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return { body, iv, tag: cipher.getAuthTag(), key: CiphertextBlob };
}

exports.handler = async (event) => {
  const sealed = await seal(event.record);
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: KEY, Plaintext: Buffer.from(event.patient) }),
  );
  return {
    body: sealed.body.toString('base64'),
    key: Buffer.from(sealed.key).toString('base64'),
    patient: Buffer.from(CiphertextBlob).toString('base64'),
  };
};
