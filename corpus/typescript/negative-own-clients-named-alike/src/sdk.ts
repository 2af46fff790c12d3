export class PutObjectCommand {
  constructor(readonly input: { Bucket: string; Key: string }) {}
}

export class S3Client {
  async send(command: PutObjectCommand): Promise<string> {
    return `${command.input.Bucket}/${command.input.Key}`;
  }

  getObject(input: { Bucket: string; Key: string }): string {
    return input.Key;
  }
}

export const getSignedUrl = (client: S3Client, command: PutObjectCommand) => client.send(command);
