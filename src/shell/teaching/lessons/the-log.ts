export const theLog = `
# lesson: the-log
# about: what happened is recorded, in order, and never changed
# The store holds what happened, as events. Each command that is accepted
# appends events to the stream of its order.
place alice keyboard cable:2
add-item mouse
pay
# The stream: versions 1, 2, 3. There is no row that was updated.
events
# A second order has a stream of its own, with versions of its own.
place bob monitor
# All streams together are the log. Its positions order everything.
log
# One event in full: what happened, when, in which conversation, and why.
event order-1@3
# The state of an order is computed from its events: that is a fold.
order order-1
# exercise: Place an order of two lamps for carol, add one item of your
# choice, and pay for it all: three events in its stream.
expect order-1 customerId=carol status=paid version=3
`;
