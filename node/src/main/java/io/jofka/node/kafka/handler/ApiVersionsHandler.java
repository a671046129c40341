package io.jofka.node.kafka.handler;

import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import java.util.List;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.requests.ApiVersionsRequest;

/**
 * ApiVersions: exactly what is registered, in the form that keeps old librdkafka compressing (Produce from version 0,
 * KAFKA-18659). A version we do not know is answered in version 0 with the versions we do (KIP-511); a client that meant
 * another node is sent to bootstrap again (KIP-1242).
 */
final class ApiVersionsHandler {
    private final List<ApiKeys> served;
    private final int nodeId;
    private final Images images;

    ApiVersionsHandler(List<ApiKeys> served, int nodeId, Images images) {
        this.served = List.copyOf(served);
        this.nodeId = nodeId;
        this.images = images;
    }

    /** A request in an unknown version has a body we cannot read. */
    static ApiVersionsRequestData read(Readable in, short version) {
        return ApiKeys.API_VERSIONS.isVersionSupported(version)
                ? new ApiVersionsRequestData(in, version)
                : new ApiVersionsRequestData();
    }

    Reply handle(ApiVersionsRequestData request, Call call) {
        ApiVersionsResponseData response = new ApiVersionsResponseData();
        if (!ApiKeys.API_VERSIONS.isVersionSupported(call.version())) {
            response.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        } else if (!new ApiVersionsRequest(request, call.version()).isValid()) {
            return new Reply.Now(response.setErrorCode(Errors.INVALID_REQUEST.code()));
        } else if (call.version() >= 5 && meansAnother(request)) {
            return new Reply.Now(response.setErrorCode(Errors.REBOOTSTRAP_REQUIRED.code()));
        }
        return new Reply.Now(response.setApiKeys(keys()).setFinalizedFeaturesEpoch(-1));
    }

    private ApiVersionCollection keys() {
        ApiVersionCollection keys = new ApiVersionCollection(served.size());
        for (ApiKeys key : served) {
            keys.add(key.toApiVersionForApiResponse(false, ListenerType.BROKER).orElseThrow());
        }
        return keys;
    }

    private boolean meansAnother(ApiVersionsRequestData request) {
        String cluster = images.current().clusterId();
        return request.clusterId() != null
                && request.nodeId() >= 0
                && !cluster.isEmpty()
                && !(request.clusterId().equals(cluster) && request.nodeId() == nodeId);
    }
}
