export const timeTravel = () => `
# lesson: time-travel
# about: every state there ever was can be had back
# What did the order look like before somebody changed it? A table has
# forgotten. A log has not: fold fewer events, and there is the past.
place alice keyboard cable:2
add-item mouse
pay
add-item lamp
pay
ship
# Each event beside the state that it made.
timeline
# The order as it was at version 2. The past is read-only: nothing can be
# recorded there.
order --at 2
# What changed between two versions.
diff 2 4
# Not only one order: all orders, and all numbers, as they were at a
# position of the log.
orders --at 3
analytics --at 3
# And as they are now.
analytics
# What if the customer had cancelled then? A fork is a shop of its own,
# begun from the log as it was; what is done there happens nowhere else.
fork --at 3
cancel
order
# Back in the shop as it is: shipped, as before.
fork --leave
order
# At a terminal, scrub shows one event after the other with the arrow
# keys, and the state that each made; q leaves. You will need it now.
# exercise: order-1 has changed again and again. Move through it with
# scrub: at which version was it worth $89.49? Order as many cables for
# dave as that number says, and no others.
# given: place alice keyboard
# given: add-item lamp
# given: add-item cable:2
# given: add-item mouse
# given: pay
# hint: scrub order-1 begins at the last event. The left arrow goes back;
# look at the total.
# hint: If it was version 2, you would type place dave cable:2. What was
# ordered in error can be cancelled.
# solution: scrub order-1
# solution: place dave cable:3
# you moved through the history with scrub
expect commands scrub>=1
# as many cables for dave as the number of that version
expect any order customerId=dave items=cable:3 status=pending
# and no others
expect orders pending=1
`;
