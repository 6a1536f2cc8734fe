export const theLog = () => `
# lesson: the-log
# about: what happened is recorded in order, and never changed
# What does a shop remember? A table remembers how things are now. Here
# nothing is overwritten: what happened is recorded once, as an event. A
# command is a request. If it is accepted, it appends events to the stream
# of its order: all of them, or none.
place alice keyboard cable:2
# One thing more: a second event, in the same stream.
add-item mouse
pay
# The stream. Each event has a version, its place in the stream: 1, 2, 3.
# No row was updated, so what was true before can still be read.
events
# A second order has a stream of its own, with versions of its own.
place bob monitor
# All streams together are the log. A position is the place of an event
# there: positions order everything.
log
# One event in full: what happened, when, in which conversation, and why.
event order-1@3
# How is the order now? Nobody wrote that down. Its events are gone
# through one by one, each making the next state: that is a fold. The
# function that makes the next state is called evolve.
order order-1
# exercise: Bring an order of carol's to three events, OrderCreated,
# ItemAdded and PaymentProcessed: two lamps and a mouse, all of it paid.
# hint: An item is written sku:quantity, as in place alice cable:2
# hint: Place the lamps first. add-item and pay then mean that order; you
# need not name it.
# solution: place carol lamp:2
# solution: add-item mouse
# solution: pay
# two lamps and a mouse for carol, in the three events
expect any order customerId=carol items=lamp:2,mouse:1 events=OrderCreated,ItemAdded,PaymentProcessed
`;
