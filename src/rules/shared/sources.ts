/** Where rules take their authority from; a rule without a source does not exist. */
export const LIGHTRUN_PAGE = 'Lightrun documentation, “Managing the TLS Certificate (Mandatory)”';

/** The page in the chart's repository, which Lightrun's page leaves in part. */
export const CHART_DOCUMENTATION =
  "the chart's docs/installation/certificate.md, “multiple certificate pinning hashes”";

/** A fact measured with the public chart (3.50.0) and the programs that consume its values. */
export const measured = (fact: string): string => `Measured with the Lightrun chart 3.50: ${fact}`;

/** A section of an RFC. */
export const rfc = (number: number, section: string): string => `RFC ${number}, section ${section}`;
