/** Passwords as YAML has them, what Helm writes, and which program of the chart's init containers refuses that. */
export const PASSWORDS: readonly (readonly [
  yaml: string,
  written: string,
  refusedBy: 'keytool' | 'pkcs12' | null,
])[] = [
  ['""', '', 'keytool'],
  ['"12345"', '12345', 'keytool'],
  ['"123456"', '123456', null],
  ['" 123456"', ' 123456', 'pkcs12'],
  ['"\\t123456"', '\t123456', 'pkcs12'],
  ['"123 456"', '123 456', 'pkcs12'],
  ['"123\\n456"', '123\n456', 'pkcs12'],
  ['"123456 "', '123456 ', null],
  ['"12345 "', '12345 ', 'keytool'],
  ['"12*$`\'\\"6"', '12*$`\'"6', null],
  ['00123456', '42798', 'keytool'],
  ['"00123456"', '00123456', null],
  ['123456', '123456', null],
  ['99999', '99999', 'keytool'],
  ['1000000', '1e+06', 'keytool'],
  ['1200000', '1.2e+06', null],
  ['true', 'true', 'keytool'],
];
