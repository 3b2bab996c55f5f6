"""SQS: moto publishes no metrics; an alarm on dead letters needs the number of messages."""

from __future__ import annotations

from moto.sqs.models import Message, Queue, SQSBackend

from scripts.local_aws.metrics import publish
from scripts.local_aws.patching import replace

_add = Queue.add_message
_delete = Queue.delete_message
_purge = SQSBackend.purge_queue


@replace(Queue)
def add_message(self: Queue, message: Message) -> None:
    """Take a message, and say how many there are."""
    _add(self, message)
    _publish(self)


@replace(Queue)
def delete_message(self: Queue, receipt_handle: str) -> None:
    """Drop a message, and say how many are left."""
    _delete(self, receipt_handle)
    _publish(self)


@replace(SQSBackend)
def purge_queue(self: SQSBackend, queue_name: str) -> None:
    """Drop all messages, and say that none are left."""
    _purge(self, queue_name)
    _publish(self.get_queue(queue_name))


def _publish(queue: Queue) -> None:
    visible = {"ApproximateNumberOfMessagesVisible": queue.approximate_number_of_messages}
    publish("AWS/SQS", queue.region, visible, QueueName=queue.name)
