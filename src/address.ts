// Where a shared shop is: a file, or a database by its address, which may hold a password. Nothing that is
// shown or kept may.

/** Whether it is the address of a PostgreSQL database; anything else is the name of a file. */
export function isPostgres(address: string): boolean {
  return /^postgres(ql)?:\/\//i.test(address);
}

// Up to the last @ before a blank or a quote: a password that was not escaped may hold one itself. In quotes
// it may hold a blank as well.
const USER_AND_PASSWORD = /(postgres(?:ql)?:\/\/[^\s:@/?'"]*):[^\s'"]*@/gi;
const QUOTED = /(['"])(postgres(?:ql)?:\/\/[^\s:@/?'"]*):(?:(?!\1).)*@/gi;
const PASSWORD_OPTION = /([?&](?:password|sslpassword)=)[^&\s'"]*/gi;

/** The text, with each address of a database in it without its password. */
export function withoutPasswords(text: string): string {
  if (!/postgres/i.test(text)) return text;
  return text.replace(QUOTED, '$1$2@').replace(USER_AND_PASSWORD, '$1@').replace(PASSWORD_OPTION, '$1');
}

/**
 * One address without its password, wherever that stands in it and however badly it is written: rather too
 * much is left out than too little.
 */
export function redact(address: string): string {
  const [, scheme = '', rest = ''] = /^([a-z]+:\/*)?(.*)$/is.exec(address) ?? [];
  // A password may hold any character, also one that ends a host: it goes on to the last @.
  const at = rest.lastIndexOf('@');
  const user = at < 0 ? '' : `${rest.slice(0, at).replace(/[:?#].*$/s, '')}@`;
  const [place = '', ...settings] = rest
    .slice(at + 1)
    .replace(/#.*$/s, '')
    .split(/[?&]/);
  const shown = settings.filter((setting) => !isSecret(setting.split('=')[0]!));
  return `${scheme}${user}${place}${shown.length > 0 ? `?${shown.join('&')}` : ''}`;
}

function isSecret(setting: string): boolean {
  try {
    return /pass/i.test(decodeURIComponent(setting));
  } catch {
    return true;
  }
}
