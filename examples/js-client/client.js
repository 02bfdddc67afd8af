// Registers at a Eureka server with npm's stock client, says what it sees of the service SHOP, and says good-bye on SIGTERM.
// Usage: node client.js HOST PORT
'use strict';

const { Eureka } = require('eureka-js-client');

const [host, port] = process.argv.slice(2);
const client = new Eureka({
  instance: {
    app: 'js-shop',
    instanceId: 'js-1',
    hostName: '127.0.0.1',
    ipAddr: '127.0.0.1',
    port: { $: 8080, '@enabled': true },
    vipAddress: 'js-shop',
    dataCenterInfo: {
      '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo',
      name: 'MyOwn',
    },
    leaseInfo: { renewalIntervalInSecs: 1, durationInSecs: 3 },
  },
  eureka: {
    host,
    port: Number(port),
    servicePath: '/eureka/apps/',
    heartbeatInterval: 500,
    registryFetchInterval: 500,
    maxRetries: 3,
    requestRetryDelay: 500,
  },
});

client.on('registryUpdated', () => {
  const ids = client.getInstancesByAppId('SHOP').map((instance) => instance.instanceId);
  console.log(`sees [${ids.sort().join(' ')}]`);
});
process.on('SIGTERM', () => client.stop(() => process.exit(0)));
client.start((error) => {
  console.log(error ? `failed: ${error.message}` : 'started');
});
