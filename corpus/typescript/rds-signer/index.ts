import { Signer } from "@aws-sdk/rds-signer";
import { DsqlSigner } from "@aws-sdk/dsql-signer";

export async function token(): Promise<string> {
  const signer = new Signer({ hostname: process.env.DB_HOST ?? "db", port: 5432, username: "app" });
  return signer.getAuthToken();
}

export async function clusterToken(): Promise<string> {
  const signer = new DsqlSigner({ hostname: "ab1.dsql.eu-west-1.on.aws", region: "eu-west-1" });
  return signer.getDbConnectAuthToken();
}
