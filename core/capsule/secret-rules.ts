// What must never enter a capsule (CAPSULE.md C8), as one list: names that look secret, files that hold secrets, shapes
// of keys and tokens. A change of what is found is a new version: it stands in the provenance of what was packed with it.
import {
  hasBase62Checksum,
  isAzureStorageKey,
  isBech32,
  isGithubToken,
  isGrafanaToken,
  isNoAwsExample,
  isServiceRoleToken,
  mixesLettersAndDigits,
} from "./secret-checks.ts";

export const SECRET_RULES_VERSION = "3";

/** A shape that a secret has in bytes. Every one is ASCII, so text in UTF-8 and bytes of a program are read alike. */
export type SecretRule = {
  readonly id: string;
  /** Of what it is: `holds ${description}` reads as a sentence. */
  readonly description: string;
  /** Where the shape comes from. */
  readonly source: string;
  /** Each match begins with one of these, but for the group `before`. At least three characters each. */
  readonly anchors: readonly string[];
  /** Sticky at the anchor. What a match has in front of it stands in a lookbehind, as the group `before`. */
  readonly pattern: RegExp;
  /** What the shape's own structure says; takes the match from its anchor on. */
  readonly check?: (match: string) => boolean;
};

const GITHUB_LIST =
  "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns";
const GITLEAKS = "https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml";
const HEX = [..."0123456789abcdef"];

/** How many bytes behind an anchor decide: the longest shape, a private key's header and its first line. */
export const SECRET_REACH_BYTES = 4_096;
/** How many in front of it. */
export const SECRET_LOOKBEHIND_BYTES = 64;

/** Looked for in a variable's name, in capitals and without separators: `db-Api_Key` reads as `DBAPIKEY`. */
export const SECRET_WORDS: readonly string[] = [
  "TOKEN",
  "SECRET",
  "PASSWORD",
  "PASSWD",
  "PASSPHRASE",
  "PRIVATE",
  "APIKEY",
  "ACCESSKEY",
  "SIGNINGKEY",
  "ENCRYPTIONKEY",
  "SERVICEKEY",
  "SERVICEROLEKEY",
  "CREDENTIAL",
];

/** `.env*` is refused but for the forms that are made to be shown; those are scanned like any file. */
const SHOWN_ENV_NAMES: ReadonlySet<string> = new Set([".env.example", ".env.sample", ".env.template"]);
const KEY_STORE_ENDING = /\.(?:p12|pfx|jks|keystore|ppk)$/;
const LOGIN_FILE = /^(?:[._]netrc|\.pgpass|\.htpasswd)$/;

export type SecretPath = { readonly rule: "env-file" | "key-store" | "login-file"; readonly message: string };

/** Why a file of this path is refused before it is read, or null. Every segment counts: `.env/prod` as well. */
export function findSecretPath(path: string): SecretPath | null {
  const segments = path.toLowerCase().split("/");
  const envName = segments.find((segment) => segment.startsWith(".env") && !SHOWN_ENV_NAMES.has(segment));
  if (envName !== undefined) return { rule: "env-file", message: "holds variables with their values" };
  const name = segments.at(-1) ?? "";
  if (KEY_STORE_ENDING.test(name)) return { rule: "key-store", message: "is a key store" };
  return LOGIN_FILE.test(name) ? { rule: "login-file", message: "holds logins" } : null;
}

/** The shapes of private keys. A program that reads keys names their headers too: a key has its content behind it. */
const KEY_RULES: readonly SecretRule[] = [
  {
    id: "private-key",
    description: "a private key",
    source: "RFC 7468, RFC 4880 §6.2, OpenSSH PROTOCOL.key",
    anchors: ["BEGIN "],
    pattern:
      /(?<=(?<before>-----))BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn]|["'`+,]|[A-Za-z][A-Za-z-]{0,30}: [^\r\n\\]{0,200}(?:\r?\n|\\r|\\n)){1,200}?[A-Za-z0-9+/]{32}/y,
  },
  {
    id: "ssh2-private-key",
    description: "a private key",
    source: "ssh.com's SSH2 key file, as RFC 4716 frames it",
    anchors: ["BEGIN SSH2 ENCRYPTED"],
    pattern:
      /(?<=(?<before>---- ))BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\r?\n[\s\S]{0,400}?[A-Za-z0-9+/]{32}/y,
  },
  {
    id: "putty-private-key",
    description: "a private key",
    source: "PuTTY manual, appendix C (PPK)",
    anchors: ["Private-Lines: "],
    pattern: /Private-Lines: \d{1,4}(?:\r?\n|\\r|\\n){1,4}[A-Za-z0-9+/=]{16}/y,
  },
  {
    id: "age-key",
    description: "an age secret key",
    source: "https://age-encryption.org/v1",
    anchors: ["AGE-SECRET-KEY-1"],
    pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}(?![0-9A-Z])/y,
    check: isBech32,
  },
  {
    id: "gcp-service-account",
    description: "a Google Cloud service account's key",
    source: "https://cloud.google.com/iam/docs/keys-create-delete",
    anchors: ['private_key_id"', 'private_key_id\\"'],
    pattern: /private_key_id\\?"\s{0,8}:\s{0,8}\\?"[0-9a-f]{40}\\?"/y,
  },
];

/** Found by a prefix that the issuer chose to be findable. */
const TOKEN_RULES: readonly SecretRule[] = [
  token(
    "oursynth-token",
    "a token of this platform",
    "workers/identity/token-format.ts",
    ["osk_"],
    /osk_[0-9A-Za-z]{38}(?!\w)/y,
    hasBase62Checksum,
  ),
  token(
    "oursynth-login",
    "a login of this platform's command line",
    "workers/identity/session-credential.ts",
    ["osl_"],
    /osl_[0-9A-Za-z]{32}\.[0-9A-Za-z+/]{43}=/y,
  ),
  token(
    "github-token",
    "a GitHub token",
    "https://github.blog/engineering/behind-githubs-new-authentication-token-formats/",
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    /gh[pousr]_[A-Za-z0-9]{36,251}(?!\w)/y,
    isGithubToken,
  ),
  token(
    "github-fine-grained-token",
    "a GitHub token",
    GITHUB_LIST,
    ["github_pat_"],
    /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?!\w)/y,
  ),
  token(
    "gitlab-token",
    "a GitLab token",
    "https://docs.gitlab.com/security/tokens/#token-prefixes",
    [
      "glpat-",
      "gldt-",
      "glrt-",
      "glrtr-",
      "glptt-",
      "glft-",
      "glsoat-",
      "glcbt-",
      "glimt-",
      "glagent-",
      "gloas-",
      "glffct-",
    ],
    /gl(?:pat|dt|rt|rtr|ptt|ft|soat|cbt|imt|agent|oas|ffct)-[A-Za-z0-9_-]{20}/y,
  ),
  token(
    "npm-token",
    "an npm token",
    "https://docs.npmjs.com/about-access-tokens",
    ["npm_"],
    /npm_[A-Za-z0-9]{36}(?!\w)/y,
  ),
  token(
    "npm-auth-token",
    "a registry's login",
    "https://docs.npmjs.com/cli/configuring-npm/npmrc",
    [":_authToken"],
    /:_authToken\s{0,4}=\s{0,4}["']?[A-Za-z0-9_+/=-]{20}/y,
  ),
  token(
    "pypi-token",
    "a PyPI token",
    "https://pypi.org/help/#apitoken",
    ["pypi-AgE"],
    /pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50}/y,
  ),
  token("rubygems-token", "a RubyGems key", GITHUB_LIST, ["rubygems_"], /rubygems_[0-9a-f]{48}(?!\w)/y),
  token(
    "docker-hub-token",
    "a Docker Hub token",
    GITHUB_LIST,
    ["dckr_pat_", "dckr_oat_"],
    /dckr_[po]at_[A-Za-z0-9_-]{27}/y,
  ),
  token(
    "aws-access-key",
    "an AWS access key",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ["AKIA", "ASIA"],
    /A[KS]IA[A-Z2-7]{16}(?![A-Z0-9])/y,
    isNoAwsExample,
  ),
  token(
    "google-api-key",
    "a Google API key",
    GITHUB_LIST,
    ["AIza"],
    /AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/y,
  ),
  token(
    "google-oauth-secret",
    "a Google OAuth client secret",
    GITHUB_LIST,
    ["GOCSPX-"],
    /GOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/y,
  ),
  token(
    "azure-storage-key",
    "an Azure storage key",
    "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string",
    ["AccountKey="],
    /AccountKey=[A-Za-z0-9+/]{86}==/y,
    isAzureStorageKey,
  ),
  token(
    "cloudflare-token",
    "a Cloudflare credential",
    "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats",
    ["cfk_", "cfut_", "cfat_"],
    /cf(?:k|ut|at)_[A-Za-z0-9]{40}[0-9a-f]{8}(?!\w)/y,
  ),
  token(
    "cloudflare-origin-ca-key",
    "a Cloudflare Origin CA key",
    "https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys",
    ["v1.0-"],
    /v1\.0-[0-9a-f]{24}-[0-9a-f]{146}(?!\w)/y,
  ),
  token(
    "digitalocean-token",
    "a DigitalOcean token",
    GITHUB_LIST,
    ["dop_v1_", "doo_v1_", "dor_v1_"],
    /do[opr]_v1_[0-9a-f]{64}(?!\w)/y,
  ),
  token("heroku-key", "a Heroku key", GITHUB_LIST, ["HRKU-AA"], /HRKU-AA[0-9A-Za-z_-]{58}(?![0-9A-Za-z_-])/y),
  token(
    "fly-token",
    "a Fly.io token",
    GITHUB_LIST,
    ["fm2_", "fo1_"],
    /(?:fm2_[A-Za-z0-9+/]{100}|fo1_[\w-]{43}(?![\w-]))/y,
  ),
  token("netlify-token", "a Netlify token", GITHUB_LIST, ["nfp_"], /nfp_[A-Za-z0-9]{36,40}(?!\w)/y),
  token(
    "planetscale-token",
    "a PlanetScale credential",
    GITHUB_LIST,
    ["pscale_"],
    /pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32}/y,
  ),
  token(
    "supabase-service-key",
    "a Supabase service role key",
    "https://supabase.com/docs/guides/api/api-keys",
    ["eyJ"],
    /eyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{20,600}\.[A-Za-z0-9_-]{20,100}/y,
    isServiceRoleToken,
  ),
  token(
    "supabase-secret-key",
    "a Supabase secret key",
    "https://supabase.com/docs/guides/api/api-keys",
    ["sb_secret_", "sbp_"],
    /sb(?:_secret_[A-Za-z0-9_-]{31}|p_[0-9a-f]{40}(?!\w))/y,
  ),
  token(
    "slack-token",
    "a Slack token",
    "https://docs.slack.dev/authentication/tokens",
    [..."abeoprs"].map((kind) => `xox${kind}-`),
    /xox[abeoprs]-(?:\d-)?[A-Za-z0-9]{8,}-[A-Za-z0-9-]{12}/y,
  ),
  token(
    "slack-app-token",
    "a Slack token",
    "https://docs.slack.dev/authentication/tokens",
    ["xapp-"],
    /xapp-\d-[A-Z0-9]{5,}-\d{5,}-[0-9a-f]{32}/y,
  ),
  token(
    "slack-webhook",
    "a Slack webhook",
    "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
    ["hooks.slack.com/"],
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/T[A-Z0-9]{7,}\/[A-Z0-9]{7,}\/[A-Za-z0-9]{16}/y,
  ),
  token(
    "discord-webhook",
    "a Discord webhook",
    "https://discord.com/developers/docs/resources/webhook",
    ["/api/webhooks/"],
    /(?<=discord(?:app)?\.com)\/api\/webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60}/y,
  ),
  token(
    "telegram-bot-token",
    "a Telegram bot token",
    "https://core.telegram.org/bots/api#authorizing-your-bot",
    [":AA"],
    /(?<=(?<![0-9])(?<before>\d{8,10})):AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/y,
  ),
  token(
    "twilio-key",
    "a Twilio key",
    GITHUB_LIST,
    HEX.map((digit) => `SK${digit}`),
    /SK[0-9a-f]{32}(?!\w)/y,
  ),
  token(
    "sendgrid-key",
    "a SendGrid key",
    GITHUB_LIST,
    ["SG."],
    /SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/y,
  ),
  token(
    "mailgun-key",
    "a Mailgun key",
    GITHUB_LIST,
    HEX.map((digit) => `key-${digit}`),
    /key-[0-9a-f]{32}(?!\w)/y,
  ),
  token(
    "mailchimp-key",
    "a Mailchimp key",
    GITHUB_LIST,
    [..."123456789"].map((digit) => `-us${digit}`),
    /(?<=(?<!\w)(?<before>[0-9a-f]{32}))-us\d{1,2}(?!\w)/y,
  ),
  token(
    "brevo-key",
    "a Brevo key",
    GITHUB_LIST,
    ["xkeysib-", "xsmtpsib-"],
    /x(?:keys|smtps)ib-[0-9a-f]{64}-[A-Za-z0-9]{16}(?!\w)/y,
  ),
  token(
    "stripe-key",
    "a Stripe live key",
    "https://docs.stripe.com/keys",
    ["sk_live_", "rk_live_"],
    /[rs]k_live_[A-Za-z0-9]{20,250}(?!\w)/y,
  ),
  token(
    "stripe-webhook-secret",
    "a webhook's signing secret",
    "https://docs.stripe.com/webhooks",
    ["whsec_"],
    /whsec_[A-Za-z0-9+/]{32}/y,
  ),
  token(
    "shopify-token",
    "a Shopify token",
    GITHUB_LIST,
    ["shpat_", "shpca_", "shppa_", "shpss_"],
    /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}(?!\w)/y,
  ),
  token(
    "square-token",
    "a Square credential",
    GITHUB_LIST,
    ["sq0atp-", "sq0csp-"],
    /sq0(?:atp-[A-Za-z0-9_-]{22}|csp-[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/y,
  ),
  token(
    "anthropic-key",
    "an Anthropic key",
    GITHUB_LIST,
    ["sk-ant-"],
    /sk-ant-[a-z0-9]{2,12}-[A-Za-z0-9_-]{80}/y,
  ),
  token(
    "openai-key",
    "an OpenAI key",
    GITHUB_LIST,
    ["sk-proj-", "sk-svcacct-", "sk-admin-"],
    /sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40}/y,
  ),
  token(
    "openai-legacy-key",
    "an OpenAI key",
    GITHUB_LIST,
    ["T3BlbkFJ"],
    /(?<=(?<before>sk-[A-Za-z0-9]{20}))T3BlbkFJ[A-Za-z0-9]{20}(?!\w)/y,
  ),
  token(
    "hugging-face-token",
    "a Hugging Face token",
    "https://huggingface.co/docs/hub/security-tokens",
    ["hf_", "api_org_"],
    /(?:hf|api_org)_[A-Za-z]{34}(?!\w)/y,
  ),
  token("groq-key", "a Groq key", GITHUB_LIST, ["gsk_"], /gsk_[A-Za-z0-9]{52}(?!\w)/y),
  token("xai-key", "an xAI key", GITHUB_LIST, ["xai-"], /xai-[A-Za-z0-9]{80}(?!\w)/y),
  token("replicate-token", "a Replicate token", GITHUB_LIST, ["r8_"], /r8_[A-Za-z0-9]{37}(?!\w)/y),
  token("databricks-token", "a Databricks token", GITHUB_LIST, ["dapi"], /dapi[0-9a-f]{32}(?:-\d)?(?!\w)/y),
  token(
    "grafana-token",
    "a Grafana token",
    "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    ["glsa_"],
    /glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}(?!\w)/y,
    isGrafanaToken,
  ),
  token(
    "vault-token",
    "a HashiCorp Vault token",
    "https://developer.hashicorp.com/vault/docs/concepts/tokens",
    ["hvs.", "hvb."],
    /hv[sb]\.[A-Za-z0-9_-]{24}/y,
  ),
  token(
    "terraform-token",
    "a Terraform Cloud token",
    GITHUB_LIST,
    [".atlasv1."],
    /(?<=(?<!\w)(?<before>[A-Za-z0-9]{14}))\.atlasv1\.[A-Za-z0-9_-]{60}/y,
  ),
  token(
    "doppler-token",
    "a Doppler token",
    GITHUB_LIST,
    ["dp.pt.", "dp.st.", "dp.sa."],
    /dp\.(?:pt|st|sa)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40}/y,
  ),
  token("new-relic-key", "a New Relic key", GITHUB_LIST, ["NRAK-"], /NRAK-[A-Z0-9]{27}(?!\w)/y),
  token(
    "sentry-token",
    "a Sentry token",
    GITHUB_LIST,
    ["sntryu_", "sntrys_"],
    /sntry(?:u_[0-9a-f]{64}(?!\w)|s_eyJ[A-Za-z0-9+/=_-]{60})/y,
  ),
  token("linear-key", "a Linear key", GITHUB_LIST, ["lin_api_"], /lin_api_[A-Za-z0-9]{40}(?!\w)/y),
  token("notion-token", "a Notion token", GITHUB_LIST, ["ntn_"], /ntn_\d{10,11}[A-Za-z0-9]{35,36}(?!\w)/y),
  token("postman-key", "a Postman key", GITHUB_LIST, ["PMAK-"], /PMAK-[0-9a-f]{24}-[0-9a-f]{34}(?!\w)/y),
];

/** Without a shape of their own: found by the name that they are assigned to. */
const ASSIGNED_RULES: readonly SecretRule[] = [
  assigned(
    "aws-secret-key",
    "an AWS secret access key",
    ["ecret_access_key", "ecretAccessKey", "ECRET_ACCESS_KEY", "ecret-access-key"],
    "[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
  ),
  assigned(
    "cloudflare-legacy-token",
    "a Cloudflare credential",
    ["LOUDFLARE_API_TOKEN", "LOUDFLARE_API_KEY", "CF_API_TOKEN", "CF_API_KEY", "loudflare_api_token"],
    "(?:[A-Za-z0-9_-]{40}|[0-9a-f]{37})(?![A-Za-z0-9_-])",
  ),
  assigned(
    "twilio-auth-token",
    "a Twilio auth token",
    ["TWILIO_AUTH_TOKEN", "twilio_auth_token", "twilioAuthToken"],
    "[0-9a-f]{32}(?!\\w)",
  ),
  assigned(
    "heroku-legacy-key",
    "a Heroku key",
    ["HEROKU_API_KEY", "heroku_api_key"],
    "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\\w)",
  ),
];

export const SECRET_RULES: readonly SecretRule[] = [...KEY_RULES, ...TOKEN_RULES, ...ASSIGNED_RULES];

function token(
  id: string,
  description: string,
  source: string,
  anchors: readonly string[],
  pattern: RegExp,
  check?: (match: string) => boolean,
): SecretRule {
  // A token is a word: what ends in front of it with a letter or a digit is another word.
  const isOpenInFront = /^\(\?<[=!]/.test(pattern.source) || /^\W/.test(anchors[0] ?? "");
  const bounded = isOpenInFront ? pattern : new RegExp(`(?<![A-Za-z0-9])${pattern.source}`, "y");
  return { id, description, source, anchors, pattern: bounded, ...(check === undefined ? {} : { check }) };
}

/** `NAME = value`, `"name": "value"` and what lies between. */
function assigned(id: string, description: string, names: readonly string[], value: string): SecretRule {
  const pattern = new RegExp(`(?:${names.join("|")})["']?\\s{0,4}(?:[:=]|=>)\\s{0,4}["'\`]?${value}`, "y");
  return { id, description, source: GITLEAKS, anchors: names, pattern, check: mixesLettersAndDigits };
}
