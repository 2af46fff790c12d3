import { BlobServiceClient } from '@azure/storage-blob';
import { ServiceBusClient } from '@azure/service-bus';
import { CosmosClient } from '@azure/cosmos';
import { Storage } from '@google-cloud/storage';
import { PubSub } from '@google-cloud/pubsub';
import { initializeApp } from 'firebase/app';
import { deleteDoc, doc, getFirestore, setDoc } from 'firebase/firestore';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';

const storage = new Storage();
const blobs = BlobServiceClient.fromConnectionString(process.env.BLOBS!);
const bus = new ServiceBusClient(process.env.BUS!);
const cosmos = new CosmosClient(process.env.COSMOS!);
const firestore = getFirestore(initializeApp({ projectId: 'copies' }));
const sns = new SNSClient({});

export async function copy(name: string): Promise<void> {
  const bucket = storage.bucket('source');
  const [file] = await bucket.file(name).download();
  await bucket.upload('/tmp/' + name);
  await blobs.getContainerClient('target').getBlockBlobClient(name).uploadData(file);
  await bus.createSender('copies').sendMessages({ body: name });
  await cosmos.database('d').container('c').items.query('SELECT * FROM c').fetchAll();
  await new PubSub().topic('copies').publishMessage({ json: { name } });
  await setDoc(doc(firestore, 'copies', name), { name });
  await deleteDoc(doc(firestore, 'pending', name));
  await sns.send(
    new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:copied', Message: name }),
  );
}
