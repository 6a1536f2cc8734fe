export const crashAndResume = `
# lesson: crash-and-resume
# about: a saga may die anywhere: the log knows what is left
# The orchestrator is thrown away after the payment was recorded.
saga --crash-after=payment
sagas
# Its stream says how far it came. Another one goes on from there.
events saga-1
saga resume
# Thrown away after the money moved, but before that was recorded: nobody
# knows whether it did. The key saga-2:payment makes it safe to ask again.
saga --crash-after=payment:started
events saga-2
saga resume
# Charged once.
trace saga-2
# A saga that failed is a saga to resume as well: only what failed is tried.
! saga --fail=shipping --fail-compensation=inventory
saga resume
verify
# exercise: Let a saga die after its inventory step, cancel its order by hand
# meanwhile, and resume it. What does it do now?
# hint: saga --crash-after=inventory, then cancel: it means the order of the saga.
# hint: saga resume goes on where the log ends. What do the rules say to
# shipping now?
# solution: saga --crash-after=inventory
# solution: cancel
# solution: saga resume
# two steps, then the crash; resumed, it may not ship, and undoes the two steps
expect any saga failedStep=shipping events=SagaStarted,StepStarted,StepCompleted,StepStarted,StepCompleted,SagaResumed,StepStarted,StepFailed,CompensationStarted,CompensationCompleted,CompensationStarted,CompensationCompleted,SagaEnded
`;
