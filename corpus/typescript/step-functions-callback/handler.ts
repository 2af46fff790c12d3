import {
  SFNClient,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

const stepFunctions = new SFNClient({});

const ESCALATION = 'arn:aws:states:eu-west-1:123456789012:stateMachine:approval-escalation';

interface Approval {
  taskToken: string;
  approved: boolean;
  reason?: string;
}

export const handler = async ({ taskToken, approved, reason }: Approval): Promise<void> => {
  if (approved) {
    const output = JSON.stringify({ approved });
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output }));
    return;
  }
  await stepFunctions.send(
    new SendTaskFailureCommand({ taskToken, error: 'Rejected', cause: reason ?? 'none given' }),
  );
  await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn: ESCALATION, input: JSON.stringify({ reason }) }),
  );
};
