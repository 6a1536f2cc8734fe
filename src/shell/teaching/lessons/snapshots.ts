export const snapshots = () => `
# lesson: snapshots
# about: a short cut past old events, and never more than that
# Must every load begin at event 1? To decide, the state is needed, and
# the state is a fold. Going through all events of a stream again is a
# replay.
place alice keyboard
add-item mouse
add-item cable
load
# A snapshot is the state, saved at a version. Loading starts there.
snapshot
load
# What happened since is newer than the snapshot: it is replayed on top.
pay
load
# After five events one is taken by itself, and again after ten. (In
# production rather after a hundred: three events are read in no time.)
add-item lamp
snapshots
add-item dock
load
# A snapshot of another schema, left by an older program, is not even
# looked at: everything is replayed, and the answer is the same.
snapshot --schema 0
load
# So a snapshot is a cache. It may be lost, and it may never be wrong:
# verify holds each one against the log.
verify
# exercise: Bring an order to version 7 or later while its latest snapshot
# stands at version 5.
# hint: After five events one is taken by itself. Each add-item with one
# item is one event.
# hint: Six times add-item mouse makes seven events; at ten there would be
# the next snapshot.
# solution: place alice keyboard
# solution: add-item mouse
# solution: add-item mouse
# solution: add-item mouse
# solution: add-item mouse
# solution: add-item mouse
# solution: add-item mouse
# an order at version 7 or later, with its snapshot at version 5
expect any order version>=7 snapshot=5
`;
