'use strict';

const {
  CognitoIdentityProviderClient,
  AdminAddUserToGroupCommand,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  SignUpCommand,
} = require('@aws-sdk/client-cognito-identity-provider');

const cognito = new CognitoIdentityProviderClient({});

const ClientId = '4f7example0client0id0app';
const UserPoolId = 'eu-west-1_Ab12Cd34E';

const routes = {
  // The next three carry no signature: the user pool authorises them itself.
  signUp: ({ email, password }) =>
    cognito.send(new SignUpCommand({ ClientId, Username: email, Password: password })),
  logIn: ({ email, password }) =>
    cognito.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: email, PASSWORD: password },
      }),
    ),
  async confirm({ email, code }) {
    await cognito.send(
      new ConfirmSignUpCommand({ ClientId, Username: email, ConfirmationCode: code }),
    );
  },
  async promote({ email }) {
    const GroupName = 'editors';
    await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: email, GroupName }));
  },
};

exports.handler = async (event) => {
  const route = routes[event.action];
  if (!route) {
    return { statusCode: 404 };
  }
  await route(event);
  return { statusCode: 200 };
};
