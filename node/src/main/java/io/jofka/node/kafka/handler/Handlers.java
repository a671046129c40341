package io.jofka.node.kafka.handler;

import io.jofka.node.kafka.Api;
import io.jofka.node.kafka.ApiTable;
import io.jofka.node.kafka.KafkaConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** The one table of served APIs: what is here is announced, what is not here is not. */
public final class Handlers {
    private Handlers() {}

    public static ApiTable of(KafkaConfig config, Services services) {
        List<Api<?>> apis = new ArrayList<>();
        apis.addAll(data(config, services));
        List<ApiKeys> keys = new ArrayList<>(apis.stream().map(Api::key).toList());
        keys.add(ApiKeys.API_VERSIONS);
        ApiVersionsHandler versions = new ApiVersionsHandler(keys, config.nodeId(), services.images());
        apis.add(new Api<ApiVersionsRequestData>(
                ApiKeys.API_VERSIONS,
                ApiVersionsHandler::read,
                versions::handle,
                "announces exactly this table; no features yet"));
        return new ApiTable(apis);
    }

    private static List<Api<?>> data(KafkaConfig config, Services services) {
        ProduceHandler produce = new ProduceHandler(services.produce(), services.images());
        FetchHandler fetch = new FetchHandler(services.fetch(), services.images(), config.limits());
        ListOffsetsHandler listOffsets = new ListOffsetsHandler(services.offsets(), services.images());
        MetadataHandler metadata = new MetadataHandler(config, services.images(), services.topics());
        return List.of(
                new Api<ProduceRequestData>(
                        ApiKeys.PRODUCE,
                        ProduceRequestData::new,
                        produce::handle,
                        "announced from version 0, as Kafka does, so that old clients compress; no transactions yet"),
                new Api<FetchRequestData>(
                        ApiKeys.FETCH,
                        FetchRequestData::new,
                        fetch::handle,
                        true,
                        "no fetch sessions (session id is always 0); no fetch by replicas; no rack choice"),
                new Api<ListOffsetsRequestData>(
                        ApiKeys.LIST_OFFSETS,
                        ListOffsetsRequestData::new,
                        listOffsets::handle,
                        "no tiered storage: -4 is the earliest offset, -5 and -6 have none"),
                new Api<MetadataRequestData>(
                        ApiKeys.METADATA,
                        MetadataRequestData::new,
                        metadata::handle,
                        "creates missing topics when allowed by client and node"));
    }
}
