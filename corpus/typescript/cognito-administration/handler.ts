import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';

const cognito = new CognitoIdentityProviderClient({});
const UserPoolId = process.env.USER_POOL_ID ?? 'eu-central-1_Staff0001';

async function exists(Username: string): Promise<boolean> {
  try {
    await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
    return true;
  } catch (error) {
    if (error instanceof UserNotFoundException) return false;
    throw error;
  }
}

export const handler = async (event: { employee: string; left: boolean }): Promise<string> => {
  const Username = event.employee;
  if (event.left) {
    await cognito.send(new AdminDisableUserCommand({ UserPoolId, Username }));
    return 'disabled';
  }
  if (await exists(Username)) {
    return 'unchanged';
  }
  await cognito.send(
    new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
  );
  return 'created';
};
