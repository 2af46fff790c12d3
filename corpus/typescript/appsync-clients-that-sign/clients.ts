import AWSAppSyncClient, { AUTH_TYPE } from "aws-appsync";
import { createAuthLink } from "aws-appsync-auth-link";

const url = process.env.GRAPHQL_URL!;
const region = "eu-west-1";

export const signing = new AWSAppSyncClient({ url, region, auth: { type: AUTH_TYPE.AWS_IAM, credentials: null } });

export const link = createAuthLink({ url, region, auth: { type: "AWS_IAM", credentials: () => null } });

// A key and a token are no identity of IAM.
export const reading = new AWSAppSyncClient({ url, region, auth: { type: AUTH_TYPE.API_KEY, apiKey: "k" } });
export const users = createAuthLink({ url, region, auth: { type: "AMAZON_COGNITO_USER_POOLS", jwtToken: "t" } });
