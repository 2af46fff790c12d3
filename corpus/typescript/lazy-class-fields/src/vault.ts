import { KMS } from '@aws-sdk/client-kms';
import { SSM } from '@aws-sdk/client-ssm';

export class Vault {
  #kms?: KMS;
  private _ssm!: SSM;

  private get kms(): KMS {
    this.#kms = this.#kms ?? new KMS({});
    return this.#kms;
  }

  get ssm(): SSM {
    if (!this._ssm) this._ssm = new SSM({});
    return this._ssm;
  }

  async open(): Promise<Uint8Array | undefined> {
    const { Parameter } = await this.ssm.getParameter({ Name: '/vault/phrase' });
    const { Plaintext } = await this.kms.decrypt({
      CiphertextBlob: Buffer.from(Parameter!.Value!, 'base64'),
      KeyId: 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555',
    });
    return Plaintext;
  }
}

export const handler = () => new Vault().open();
