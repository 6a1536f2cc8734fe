// Where a shared shop is: a file, or a database by its address, which may hold a password. Nothing that is
// shown or kept may.

/** Whether it is the address of a PostgreSQL database; anything else is the name of a file. */
export function isPostgres(address: string): boolean {
  return /^postgres(ql)?:\/\//i.test(address);
}

// Up to the last @ before a blank or a quote: a password that was not escaped may hold one itself.
const USER_AND_PASSWORD = /(postgres(?:ql)?:\/\/[^\s:@/?'"]*):[^\s'"]*@/gi;
const PASSWORD_OPTION = /([?&](?:password|sslpassword)=)[^&\s'"]*/gi;

/** The text, with each address of a database in it without its password. */
export function withoutPasswords(text: string): string {
  if (!/postgres/i.test(text)) return text;
  return text.replace(USER_AND_PASSWORD, '$1@').replace(PASSWORD_OPTION, '$1');
}
