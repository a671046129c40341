// Produces and administers with kafkajs; prints one line of JSON with what it saw. usage: node client.js HOST:PORT
const {Kafka, CompressionTypes, ConfigResourceTypes, logLevel} = require('kafkajs');

async function main() {
  const kafka = new Kafka({clientId: 'kafkajs-test', brokers: [process.argv[2]], logLevel: logLevel.ERROR});
  const topic = 'kafkajs';
  const seen = {};
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({topics: [{topic, numPartitions: 2, replicationFactor: 1,
    configEntries: [{name: 'retention.ms', value: '3600000'}]}]});
  await admin.createPartitions({topicPartitions: [{topic, count: 4}]});
  seen.brokers = (await admin.describeCluster()).brokers.length;
  // a broker may answer from the metadata it has seen so far
  for (let tries = 0; seen.partitions !== 4 && tries < 100; tries++) {
    seen.partitions = (await admin.fetchTopicMetadata({topics: [topic]})).topics[0].partitions.length;
  }

  seen.produced = 0;
  const settings = [
    {compression: CompressionTypes.None, idempotent: false},
    {compression: CompressionTypes.GZIP, idempotent: false},
    {compression: CompressionTypes.GZIP, idempotent: true},
  ];
  for (const {compression, idempotent} of settings) {
    const producer = kafka.producer({idempotent, maxInFlightRequests: 1});
    await producer.connect();
    const messages = Array.from({length: 100}, (_, i) =>
      ({key: `k${i}`, value: `value ${i}`, headers: {source: 'kafkajs'}, partition: i % 4}));
    const answers = await producer.send({topic, acks: -1, compression, messages});
    if (answers.some((answer) => answer.errorCode !== 0)) throw new Error(JSON.stringify(answers));
    seen.produced += messages.length;
    await producer.disconnect();
  }

  const offsets = await admin.fetchTopicOffsets(topic);
  seen.highest = offsets.reduce((sum, each) => sum + Number(each.high), 0);
  await admin.deleteTopicRecords({topic, partitions: [{partition: 0, offset: '5'}]});
  seen.lowestAfterDelete = Number((await admin.fetchTopicOffsets(topic)).find((each) => each.partition === 0).low);
  const configs = await admin.describeConfigs({includeSynonyms: false,
    resources: [{type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms']}]});
  seen.retention = configs.resources[0].configEntries[0].configValue;
  await admin.createTopics({topics: [{topic: 'kafkajs-gone', numPartitions: 1}]});
  await admin.deleteTopics({topics: ['kafkajs-gone']});
  seen.deleted = !(await admin.listTopics()).includes('kafkajs-gone');
  await admin.disconnect();
  console.log(JSON.stringify(seen));
}

main().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
