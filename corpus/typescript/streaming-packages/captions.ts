import { CloudWatchEvents } from '@aws-sdk/client-cloudwatch-events';
import { RekognitionStreamingClient, StartFaceLivenessSessionCommand } from '@aws-sdk/client-rekognitionstreaming';
import {
  StartStreamTranscriptionCommand,
  TranscribeStreamingClient,
  type AudioStream,
} from '@aws-sdk/client-transcribe-streaming';

const transcribe = new TranscribeStreamingClient({ region: 'eu-west-1' });

async function* chunks(audio: AsyncIterable<Uint8Array>): AsyncIterable<AudioStream> {
  for await (const chunk of audio) yield { AudioEvent: { AudioChunk: chunk } };
}

export async function captions(audio: AsyncIterable<Uint8Array>): Promise<void> {
  const command = new StartStreamTranscriptionCommand({
    LanguageCode: 'en-GB',
    MediaEncoding: 'pcm',
    MediaSampleRateHertz: 16000,
    AudioStream: chunks(audio),
  });
  const { TranscriptResultStream } = await transcribe.send(command);
  for await (const event of TranscriptResultStream ?? []) console.log(event.TranscriptEvent);
}

export async function isSomebodyThere(session: string, frames: any): Promise<void> {
  await new RekognitionStreamingClient({}).send(
    new StartFaceLivenessSessionCommand({
      SessionId: session,
      VideoWidth: '640',
      VideoHeight: '480',
      ChallengeVersions: '1.0',
      LivenessRequestStream: frames,
    }),
  );
}

export async function startNightly(): Promise<void> {
  const events = new CloudWatchEvents({});
  const { Rules } = await events.listRules({ NamePrefix: 'captions-' });
  if (Rules?.length) await events.enableRule({ Name: 'captions-nightly' });
}
