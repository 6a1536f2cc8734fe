export const snapshots = `
# lesson: snapshots
# about: a short cut past old events, and never more than that
place alice keyboard
add-item mouse
add-item cable
# Loading replays all events of the stream.
load
# A snapshot keeps the state at a version; loading starts from there.
snapshot
load
# After five events one is taken by itself, and again after ten.
add-item lamp
add-item stand
snapshots
add-item dock
load
# A snapshot of another schema, left by an older program, is not even looked
# at: everything is replayed, and the answer is the same.
snapshot --schema 0
load
# A snapshot is a cache. verify holds each one against the log.
verify
# exercise: Bring an order to version 7 or later while its latest snapshot
# stands at version 5.
# hint: After five events one is taken by itself. Each add-item with one item is
# one event.
# hint: Six times add-item mouse makes seven events; at ten there would be the
# next snapshot.
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
