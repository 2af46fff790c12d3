const Koa = require('koa');
const Router = require('@koa/router');
const { queue } = require('./queue');

const send = queue('koa');
const router = new Router({ prefix: '/jobs' });
router.post('/', async (ctx) => {
  await send(ctx.request.body);
  ctx.status = 202;
});

new Koa().use(router.routes()).use(router.allowedMethods()).listen(3001);
