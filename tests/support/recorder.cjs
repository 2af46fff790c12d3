// Records the API operations that the AWS SDKs for JavaScript perform; loaded by `node --require`
// before the application.
//
// Every operation that is sent is appended to the file named by PERM_INFER_RECORD, one
// `service:Operation` a line, in the notation of corpus/README.md. SDK v3 is watched by a middleware
// at the end of the chain (so that signing alone records nothing, and document clients, paginators,
// waiters and uploads are seen as what they perform), SDK v2 by its global events. Requests to
// anything but the local moto server are sent there, whatever URL the application names.
'use strict';

const { appendFileSync } = require('node:fs');

const server = new URL(process.env.AWS_ENDPOINT_URL);

function record(serviceId, operation) {
  const service = serviceId.toLowerCase().replace(/[ -]/g, '');
  appendFileSync(process.env.PERM_INFER_RECORD, `${service}:${operation}\n`);
}

function watchV3() {
  const { Client } = require('@smithy/core/client');
  const { NodeHttpHandler } = require('@smithy/node-http-handler');
  const watched = new WeakSet();
  const send = Client.prototype.send;
  Client.prototype.send = function (...args) {
    const { middlewareStack, config } = this;
    if (!watched.has(middlewareStack)) {
      watched.add(middlewareStack);
      middlewareStack.add(
        (next, context) => (step) => {
          record(config.serviceId, context.__smithy_context.operation);
          step.request.protocol = server.protocol;
          step.request.hostname = server.hostname;
          step.request.port = Number(server.port);
          return next(step);
        },
        { step: 'deserialize', priority: 'low', name: 'permInferRecorder' },
      );
      // The local server speaks HTTP/1 only.
      if (config.requestHandler.metadata?.handlerProtocol === 'h2') {
        config.requestHandler = new NodeHttpHandler();
      }
    }
    return send.apply(this, args);
  };
}

function watchV2() {
  const AWS = require('aws-sdk/lib/core');
  AWS.config.update({ endpoint: server.href, s3ForcePathStyle: true });
  AWS.events.on('send', ({ request }) => {
    const { operation, service, httpRequest } = request;
    record(service.api.serviceId, operation[0].toUpperCase() + operation.slice(1));
    httpRequest.endpoint = new AWS.Endpoint(server.href);
  });
}

watchV3();
watchV2();
