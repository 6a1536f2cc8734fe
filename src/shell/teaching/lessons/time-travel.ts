export const timeTravel = `
# lesson: time-travel
# about: every state there ever was can be had back
place alice keyboard cable:2
add-item mouse
pay
add-item lamp
pay
ship
# Each event beside the state that it made.
timeline
# The order as it was at version 2. The past is read-only.
order --at 2
# What changed between two versions.
diff 2 4
# All orders, and all numbers, as they were at a position of the log.
orders --at 3
analytics --at 3
analytics
# exercise: order-1 has changed again and again. At which version was it worth
# $89.49? Order as many cables for dave as that number says, and no others.
# given: place alice keyboard
# given: add-item lamp
# given: add-item cable:2
# given: add-item mouse
# given: pay
# hint: timeline order-1 shows what each event made of it.
# hint: If it was version 2, you would type place dave cable:2. What was ordered
# in error can be cancelled.
# solution: place dave cable:3
# as many cables for dave as the number of that version
expect any order customerId=dave items=cable:3 status=pending
# and no others
expect orders pending=1
`;
