package io.jofka.node.kafka.handler;

import io.jofka.node.controller.Images;
import io.jofka.node.kafka.Call;
import io.jofka.node.kafka.Reply;
import io.jofka.node.metadata.ClusterImage;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;

/** DescribeCluster (KIP-700, KIP-919): the brokers; controllers have no listener of this protocol. */
final class DescribeClusterHandler {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final Images images;
    private final int nodeId;

    DescribeClusterHandler(Images images, int nodeId) {
        this.images = images;
        this.nodeId = nodeId;
    }

    Reply handle(DescribeClusterRequestData request, Call call) {
        DescribeClusterResponseData response = new DescribeClusterResponseData();
        if (request.endpointType() != BROKERS) {
            Errors error = request.endpointType() == CONTROLLERS
                    ? Errors.MISMATCHED_ENDPOINT_TYPE
                    : Errors.UNSUPPORTED_ENDPOINT_TYPE;
            return new Reply.Now(response.setErrorCode(error.code())
                    .setErrorMessage("this listener knows brokers (1)")
                    .setClusterId(images.current().clusterId()));
        }
        ClusterImage image = images.current();
        for (Brokers.Broker broker : Brokers.all(image, request.includeFencedBrokers())) {
            response.brokers()
                    .add(new DescribeClusterBroker()
                            .setBrokerId(broker.id())
                            .setHost(broker.host())
                            .setPort(broker.port())
                            .setRack(broker.rack())
                            .setIsFenced(broker.fenced()));
        }
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(Operations.CLUSTER);
        }
        return new Reply.Now(
                response.setClusterId(image.clusterId()).setControllerId(Brokers.controller(image, nodeId)));
    }
}
