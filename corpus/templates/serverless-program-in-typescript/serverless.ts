import type { AWS } from "@serverless/typescript";

import save from "./src/functions/save";
import { tables } from "./resources/tables";

const serverlessConfiguration: AWS = {
  service: "shop",
  frameworkVersion: "3",
  plugins: ["serverless-esbuild"],
  provider: {
    name: "aws",
    runtime: "nodejs20.x",
    stage: "${opt:stage, 'dev'}",
    environment: {
      TABLE: { Ref: "Orders" },
      BUCKET: "${self:service}-files-${sls:stage}",
    },
  },
  functions: { save },
  resources: { Resources: { ...tables } },
};

module.exports = serverlessConfiguration;
