'use strict';
// Required before the program: breaks something under it, as a bug would, where the environment says.
const broken = () => {
  throw new Error('too hot');
};

if (process.env.BREAK === 'a view') {
  const padEnd = Reflect.get(String.prototype, 'padEnd');
  Reflect.set(String.prototype, 'padEnd', function pad(...how) {
    return new Error().stack.includes('orderlab.cjs') ? broken() : Reflect.apply(padEnd, this, how);
  });
}
if (process.env.BREAK === 'nobody waits') setTimeout(broken);
