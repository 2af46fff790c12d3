import * as cdk from "aws-cdk-lib";
import { ApiStack } from "../lib/api-stack";
import { DataStack } from "../lib/data-stack";

const app = new cdk.App();
const data = new DataStack(app, "Data", {});
new ApiStack(app, "Api", { table: data.orders, stage: "dev" });
