'use strict';

const { S3Client, DeleteObjectCommand } = require('@aws-sdk/client-s3');
const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');
const { handler } = require('./index');

jest.mock('@aws-sdk/client-sns');

describe('handler', () => {
  afterAll(() => new S3Client({}).send(new DeleteObjectCommand({ Bucket: 'test-data', Key: 'door' })));

  it('publishes the door', async () => {
    SNSClient.prototype.send = jest.fn().mockResolvedValue({});
    await handler({ door: 'garage' });
    expect(PublishCommand).toHaveBeenCalledWith(expect.objectContaining({ Message: 'garage' }));
  });
});
