// Synthesizes the policy statements that compiled modules export, all in one application, and prints the
// documents of each module as JSON. The arguments are the modules.
const path = require("node:path");
const { App, Stack } = require("aws-cdk-lib");
const { ManagedPolicy } = require("aws-cdk-lib/aws-iam");

const app = new App();
const modules = process.argv.slice(2);
const nameOf = (file) => path.basename(file, ".js");
for (const file of modules) {
  const stack = new Stack(app, nameOf(file));
  for (const [name, statements] of Object.entries(require(path.resolve(file)))) {
    if (statements.length > 0) new ManagedPolicy(stack, name, { statements });
  }
}
const assembly = app.synth();
const found = {};
for (const file of modules) {
  const resources = Object.values(assembly.getStackByName(nameOf(file)).template.Resources ?? {});
  const policies = resources.filter((resource) => resource.Type === "AWS::IAM::ManagedPolicy");
  found[nameOf(file)] = policies.map((policy) => policy.Properties.PolicyDocument);
}
console.log(JSON.stringify(found));
