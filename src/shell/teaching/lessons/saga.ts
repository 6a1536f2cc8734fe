export const saga = `
# lesson: saga
# about: an errand over three services, each step with a way back
# Payment, inventory, shipping: each is asked in turn, on a sample order.
saga
# Told to fail at the last step, it undoes what was done, in reverse.
saga --fail=shipping
# The saga is a stream of its own. Intent before each effect, result after.
events saga-2
# And everything in it hangs together: what caused what.
trace saga-2
# It fails by itself when the warehouse has too little: there is one stand.
place alice stand:2
saga
# A compensation can fail, too. Then the others are still done, and a person
# is needed.
! saga --fail=inventory --fail-compensation=payment
sagas
# exercise: Sell out the laptops (there are three) with one saga, and let a
# second saga for one more laptop be compensated.
expect saga-1 status=completed
expect saga-2 status=compensated failedStep=inventory
expect catalog laptop=0
`;
