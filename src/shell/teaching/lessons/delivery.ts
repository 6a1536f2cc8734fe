export const delivery = () => `
# lesson: delivery
# about: what arrives twice must count once
# What if the same thing arrives twice? Something was sent, and no answer
# came. Was it lost, or only the answer? Nobody can tell, so it is sent
# again. That is at-least-once delivery: nothing is lost, and some things
# come twice.
place alice keyboard
pay
analytics
# Events come twice. Were each simply added up, the revenue would double
# now.
redeliver order-1@2
# A projection knows the position that it has reached, and passes over
# what it has had. It is idempotent: done twice has the effect of done
# once.
analytics
# Commands come twice. Bob's telephone sends an order, hears nothing, and
# sends it again.
place bob lamp
place bob lamp
# He gets two lamps, and has to pay for both. No rule could know better:
# one may want two.
orders
# So the sender makes up a key for what he wants, and sends it with each
# attempt.
place carol lamp --key carol-1
place carol lamp --key carol-1
# The second time nothing is decided: what the first one recorded comes
# back. The key stands in the event, as safe as the event itself.
event order-4@1
# Does a rule not do as well? A second payment is refused. But somebody
# who paid and is told no will ask what became of the money.
pay --key carol-2
! pay
pay --key carol-2
# One key, one command: another one that brings it is refused.
! cancel --key carol-2
# exercise: Erin's telephone sends everything twice or more: an order of a
# dock, then a mouse for it, then the payment. Let each of them count
# once.
# hint: place, add-item and pay all take --key. Give each its own, and
# send the same line again.
# hint: place erin dock --key a, twice; add-item mouse --key b, twice;
# then pay. A second order that was placed by mistake stays: reset starts
# over.
# solution: place erin dock --key erin-1
# solution: place erin dock --key erin-1
# solution: add-item mouse --key erin-2
# solution: add-item mouse --key erin-2
# solution: pay --key erin-3
# solution: pay --key erin-3
# each of the three was sent twice, or more
expect commands place>=2 add-item>=2 pay>=2
# one dock and one mouse for erin, paid once
expect any order customerId=erin items=dock:1,mouse:1 events=OrderCreated,ItemAdded,PaymentProcessed
# there is one order
expect orders count=1
`;
