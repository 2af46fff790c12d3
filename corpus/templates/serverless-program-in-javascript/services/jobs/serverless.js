const shared = require("../shared");

module.exports = {
  service: "jobs",
  provider: { ...shared.provider, environment: { TABLE: shared.table("jobs") } },
  functions: {
    clean: { handler: "clean.handler", events: [{ schedule: "rate(1 day)" }] },
  },
};
