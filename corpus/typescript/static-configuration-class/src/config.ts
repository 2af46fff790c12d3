class Base {
  protected static readonly stage = process.env.STAGE as string;

  static named(suffix?: string): string {
    return [this.stage, 'herbarium', suffix].filter(Boolean).join('-');
  }
}

export class Config extends Base {
  static readonly bucket = Config.named();
  static readonly index = super.named('index');
}
