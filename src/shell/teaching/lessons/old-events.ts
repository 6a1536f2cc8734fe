export const oldEvents = () => `
# lesson: old-events
# about: shapes change, and what was written stays as it was
# The shop sold one item an order once, at prices that were text. Must the
# old log be rewritten? No: it says what happened, in the words of its
# day. What changes is how it is read. Here are three orders as that shop
# wrote them. (It is made up: there never was such a program.)
generate 3 --old
# In the log nobody could tell them from others.
log
# And so it was written. A schema says what the data of an event must look
# like, and has a number. This event says that it was written in schema 0;
# one that says nothing is of schema 1.
event order-1@1 --stored
# A payment had another name, even.
event order-1@2 --stored
# Between the two stands a small pure function, an upcaster: data of 0
# goes in, data of 1 comes out. It runs whenever the event is read, and
# what is stored stays as it was. Should there be a schema 2 one day,
# another function goes on from 1; this one is never touched again.
# Upcasting stands in front of the store, so nothing behind it knows that
# there ever was an older shop: no rule, no projection, no command.
order order-1
ship order-1
# The shop goes on in the same streams, with events in today's shape.
add-item order-2 cable
pay order-2
events order-2
event order-2@3 --stored
# What the old shop could not say has to be decided once, in the function:
# it sold one item at a time, so the quantity is 1. What cannot be known
# stays unknown. Do not make it up.
# An event can be newer than the program that reads it, too. Then nothing
# is guessed: what would be made of it stops, and says why. verify holds
# every event against the schema that it was written in.
verify
# exercise: Six orders are paid. Some were paid in the old shop, the
# others here. How many payments were written as OrderPaid? Order as many
# cables for dave, and no others.
# given: generate 6 --old
# given: pay order-6
# given: pay order-2
# given: pay order-5
# hint: log --type PaymentProcessed lists the payments, all by the name
# that they have today. event shows one as it was written.
# hint: event order-1@2 --stored, and so on for each. If it were two, you
# would type place dave cable:2. What was ordered in error can be
# cancelled.
# solution: log --type PaymentProcessed
# solution: event order-1@2 --stored
# solution: event order-2@2 --stored
# solution: event order-3@2 --stored
# solution: event order-4@2 --stored
# solution: event order-5@2 --stored
# solution: event order-6@2 --stored
# solution: place dave cable:3
# you looked at a payment as it was written
expect commands event>=1
# as many cables for dave as there are payments of the old shop
expect any order customerId=dave items=cable:3 status=pending
# and no others
expect orders pending=1
`;
