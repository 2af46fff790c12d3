import s3sdk from '@aws-sdk/client-s3';
import ssmModule from '@aws-sdk/client-ssm';

const { S3Client, ListBucketsCommand } = s3sdk;

const s3 = new S3Client({});
const ssm = new ssmModule.SSM({});

/** The callback form of `send` and of the methods of the aggregated client. */
const buckets = () =>
  new Promise((resolve, reject) => {
    s3.send(new ListBucketsCommand({}), (error, data) => {
      if (error) {
        reject(error);
      } else {
        resolve(data.Buckets.map((bucket) => bucket.Name));
      }
    });
  });

export const handler = async () => {
  const names = await buckets();
  return new Promise((resolve, reject) => {
    ssm.putParameter(
      { Name: '/inventory/buckets', Value: names.join(','), Type: 'StringList', Overwrite: true },
      (error) => (error ? reject(error) : resolve(names.length)),
    );
  });
};
