export const whenNot = () => `
# lesson: when-not
# about: what all of this costs, and when a table is better
# When should one not build it like this? It costs something every day.
# Look at the bill. Its first line: nothing is ever erased. Alice types
# twenty lamps, and means two.
place alice lamp:20
# In a table that is one update. Here it takes two commands, and the slip
# stays.
cancel --reason 'two were meant'
place alice lamp:2
events order-1
# An auditor likes that. Somebody who asks you to forget his name does
# not. Keep what is personal elsewhere, and only its id in the events. The
# second line: what was written once has to be read for ever. Each change
# of an event's shape needs code that turns the old one into the new one.
# This one, as it stands, for ever:
event order-1@1
# The third: readers lag, and people notice. Bob pays, and his page says
# that he did not.
place bob mouse
projections pause
pay
order
projections resume
# The fourth: each new question needs a projection, where a table has a
# query.
customers
# So a plain table is better for what has no story, and where nobody will
# ever ask how it came to this: addresses, settings. The products here are
# one.
catalog
# It is worth it where the story is the business: money, stock, contracts.
# Where many readers want the same facts, each in a shape of its own.
timeline order-3
# Nor is it all or nothing. A plain table may have a version in each row,
# and so tell conflicts; a saga needs no events. Take the part that you
# need.
!CONCURRENCY cancel order-3 --expect 1
# exercise: order-1 is bob's: thirty cables, and he meant three. Put it
# right: one order that is open, of three cables for bob, and the slip to
# be read by whoever asks.
# given: place bob cable:30
# hint: No command changes a quantity, or takes an item away. What may one
# do with an order that was never meant?
# hint: cancel order-1, then place bob anew. An order too many can be
# cancelled.
# solution: cancel order-1 --reason 'three were meant'
# solution: place bob cable:3
# the slip can be read: thirty cables, and cancelled
expect order-1 items=cable:30 status=cancelled
# three cables for bob are open
expect any order customerId=bob items=cable:3 status=pending
# and nothing else is
expect orders pending=1 paid=0 shipped=0
`;
