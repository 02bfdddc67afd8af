// Uses a broker as an application with npm's stock AMQP client does, and says what went right; ends with 1 at the first thing that does not.
// Usage: node client.js HOST PORT
'use strict';

const assert = require('node:assert');
const amqp = require('amqplib');

const [host, port] = process.argv.slice(2);
const RUN = `js-${process.pid}-`;
const DEADLINE_MS = 20_000;

// A queue of what a callback was told, to be awaited one by one.
function inbox() {
  const told = [];
  const waiting = [];
  return {
    tell: (item) => (waiting.length > 0 ? waiting.shift()(item) : told.push(item)),
    next: () =>
      told.length > 0
        ? Promise.resolve(told.shift())
        : new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error('nothing came')), DEADLINE_MS);
            waiting.push((item) => {
              clearTimeout(timer);
              resolve(item);
            });
          }),
    waiting: () => told.length,
  };
}

const text = (message) => message.content.toString();

async function queue(channel, name, options = { durable: true }) {
  await channel.assertQueue(RUN + name, options);
  return RUN + name;
}

async function publishWithConfirms(connection) {
  const channel = await connection.createConfirmChannel();
  const name = await queue(channel, 'confirms');
  for (let i = 0; i < 100; i++) {
    channel.sendToQueue(name, Buffer.from(`m${i}`), { persistent: true, messageId: `id-${i}` });
  }
  await channel.waitForConfirms();
  assert.strictEqual((await channel.checkQueue(name)).messageCount, 100);
  const first = await channel.get(name, { noAck: true });
  assert.strictEqual(text(first), 'm0');
  assert.strictEqual(first.properties.messageId, 'id-0');
  assert.strictEqual(first.fields.messageCount, 99);
  assert.strictEqual((await channel.deleteQueue(name)).messageCount, 99);
  await channel.close();
}

async function aFullQueueNacks(connection) {
  const channel = await connection.createConfirmChannel();
  const name = await queue(channel, 'full', { maxLength: 1, arguments: { 'x-overflow': 'reject-publish' } });
  const answered = (body) =>
    new Promise((resolve) => channel.sendToQueue(name, Buffer.from(body), {}, (error) => resolve(!error)));
  assert.strictEqual(await answered('taken'), true);
  assert.strictEqual(await answered('refused'), false);
  await channel.deleteQueue(name);
  await channel.close();
}

async function consumeAckAndNack(connection) {
  const channel = await connection.createChannel();
  const dead = await queue(channel, 'dead');
  const name = await queue(channel, 'work', { deadLetterExchange: '', deadLetterRoutingKey: dead });
  const got = inbox();
  const { consumerTag } = await channel.consume(name, got.tell);
  channel.sendToQueue(name, Buffer.from('one'));
  const once = await got.next();
  assert.strictEqual(once.fields.redelivered, false);
  channel.nack(once, false, true);
  const again = await got.next();
  assert.strictEqual(text(again), 'one');
  assert.strictEqual(again.fields.redelivered, true);
  channel.nack(again, false, false);
  await channel.cancel(consumerTag);
  const letters = inbox();
  await channel.consume(dead, letters.tell, { noAck: true });
  const letter = await letters.next();
  const death = letter.properties.headers['x-death'][0];
  assert.deepStrictEqual([death.queue, death.reason, death.count], [name, 'rejected', 1]);
  await channel.deleteQueue(name);
  await channel.deleteQueue(dead);
  await channel.close();
}

async function prefetchBoundsWhatIsOut(connection) {
  const channel = await connection.createChannel();
  const name = await queue(channel, 'prefetch');
  await channel.prefetch(2);
  const got = inbox();
  for (const body of ['a', 'b', 'c']) {
    channel.sendToQueue(name, Buffer.from(body));
  }
  await channel.consume(name, got.tell);
  const a = await got.next();
  const b = await got.next();
  assert.strictEqual((await channel.checkQueue(name)).messageCount, 1);
  assert.strictEqual(got.waiting(), 0);
  channel.ack(b, true);
  const c = await got.next();
  assert.deepStrictEqual([a, b, c].map(text), ['a', 'b', 'c']);
  channel.ack(c);
  await channel.deleteQueue(name);
  await channel.close();
}

async function exchangesRoute(connection) {
  const channel = await connection.createConfirmChannel();
  const reach = async (type, key, headers, bound) => {
    const { exchange } = await channel.assertExchange(`${RUN}${type}`, type, { durable: false });
    const reached = [];
    for (const [name, pattern, args] of bound) {
      await queue(channel, name);
      await channel.bindQueue(RUN + name, exchange, pattern, args);
    }
    channel.publish(exchange, key, Buffer.from('x'), { headers });
    await channel.waitForConfirms();
    for (const [name] of bound) {
      if ((await channel.deleteQueue(RUN + name)).messageCount > 0) {
        reached.push(name);
      }
    }
    await channel.deleteExchange(exchange);
    return reached;
  };
  assert.deepStrictEqual(await reach('direct', 'a', {}, [['q1', 'a'], ['q2', 'b']]), ['q1']);
  assert.deepStrictEqual(await reach('fanout', 'a', {}, [['q1', ''], ['q2', 'b']]), ['q1', 'q2']);
  assert.deepStrictEqual(await reach('topic', 'a.b.c', {}, [['q1', 'a.#'], ['q2', 'a.*']]), ['q1']);
  assert.deepStrictEqual(
    await reach('headers', '', { colour: 'red', size: 1 }, [
      ['q1', '', { 'x-match': 'all', colour: 'red', size: 1 }],
      ['q2', '', { 'x-match': 'all', colour: 'red', size: 2 }],
      ['q3', '', { 'x-match': 'any', colour: 'red', size: 2 }],
    ]),
    ['q1', 'q3'],
  );
  await channel.close();
}

async function whatNobodyTakesReturns(connection) {
  const channel = await connection.createConfirmChannel();
  const returned = inbox();
  channel.on('return', returned.tell);
  channel.publish('', `${RUN}nowhere`, Buffer.from('back'), { mandatory: true });
  const message = await returned.next();
  assert.deepStrictEqual([message.fields.replyCode, message.fields.replyText, text(message)], [312, 'NO_ROUTE', 'back']);
  await channel.waitForConfirms();
  await channel.close();
}

async function headersOfEveryTypeComeBack(connection) {
  const channel = await connection.createChannel();
  const name = await queue(channel, 'headers');
  const headers = { text: 'ü', whole: 7, big: 2 ** 40, part: 1.5, yes: true, nothing: null, list: [1, 'two', [3]], table: { a: { b: 'c' } } };
  channel.sendToQueue(name, Buffer.alloc(300_000, 'x'), { headers, priority: 3, timestamp: 1_700_000_000, correlationId: 'c' });
  const got = await channel.get(name, { noAck: true });
  assert.deepStrictEqual(got.properties.headers, headers);
  assert.deepStrictEqual([got.properties.priority, got.properties.timestamp, got.properties.correlationId], [3, 1_700_000_000, 'c']);
  assert.strictEqual(got.content.length, 300_000);
  await channel.deleteQueue(name);
  await channel.close();
}

async function anErrorClosesTheChannelOnly(connection) {
  const channel = await connection.createChannel();
  const errors = inbox();
  channel.on('error', errors.tell);
  await assert.rejects(channel.checkQueue(`${RUN}nowhere`), /404/);
  const error = await errors.next();
  assert.strictEqual(error.code, 404);
  assert.match(error.message, /NOT_FOUND - no queue '.*nowhere' in vhost '\/'/);
  const acking = await connection.createChannel();
  acking.on('error', errors.tell);
  acking.ack({ fields: { deliveryTag: 99 } });
  assert.strictEqual((await errors.next()).code, 406);
  const next = await connection.createChannel();
  await next.checkExchange('amq.direct');
  await next.close();
}

async function main() {
  const connection = await amqp.connect(`amqp://guest:guest@${host}:${port}`);
  for (const step of [
    publishWithConfirms,
    aFullQueueNacks,
    consumeAckAndNack,
    prefetchBoundsWhatIsOut,
    exchangesRoute,
    whatNobodyTakesReturns,
    headersOfEveryTypeComeBack,
    anErrorClosesTheChannelOnly,
  ]) {
    await step(connection);
    console.log(`ok ${step.name}`);
  }
  await connection.close();
  console.log('done');
}

main().catch((error) => {
  console.log(error);
  process.exit(1);
});
