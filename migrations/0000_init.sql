CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`accountId` text NOT NULL,
	`providerId` text NOT NULL,
	`userId` text NOT NULL,
	`accessToken` text,
	`refreshToken` text,
	`idToken` text,
	`accessTokenExpiresAt` integer,
	`refreshTokenExpiresAt` integer,
	`scope` text,
	`password` text,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `account_user` ON `account` (`userId`);--> statement-breakpoint
CREATE TABLE `apikey` (
	`id` text PRIMARY KEY NOT NULL,
	`configId` text DEFAULT 'default' NOT NULL,
	`name` text,
	`start` text,
	`referenceId` text NOT NULL,
	`prefix` text,
	`key` text NOT NULL,
	`refillInterval` integer,
	`refillAmount` integer,
	`lastRefillAt` integer,
	`enabled` integer DEFAULT true,
	`rateLimitEnabled` integer DEFAULT true,
	`rateLimitTimeWindow` integer DEFAULT 86400000,
	`rateLimitMax` integer DEFAULT 10,
	`requestCount` integer DEFAULT 0,
	`remaining` integer,
	`lastRequest` integer,
	`expiresAt` integer,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	`permissions` text,
	`metadata` text
);
--> statement-breakpoint
CREATE INDEX `apikey_reference` ON `apikey` (`referenceId`);--> statement-breakpoint
CREATE INDEX `apikey_key` ON `apikey` (`key`);--> statement-breakpoint
CREATE TABLE `invitation` (
	`id` text PRIMARY KEY NOT NULL,
	`organizationId` text NOT NULL,
	`email` text NOT NULL,
	`role` text,
	`status` text DEFAULT 'pending' NOT NULL,
	`expiresAt` integer NOT NULL,
	`createdAt` integer NOT NULL,
	`inviterId` text NOT NULL,
	FOREIGN KEY (`organizationId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`inviterId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `invitation_organization` ON `invitation` (`organizationId`);--> statement-breakpoint
CREATE TABLE `member` (
	`id` text PRIMARY KEY NOT NULL,
	`organizationId` text NOT NULL,
	`userId` text NOT NULL,
	`role` text DEFAULT 'member' NOT NULL,
	`createdAt` integer NOT NULL,
	FOREIGN KEY (`organizationId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `member_organization` ON `member` (`organizationId`);--> statement-breakpoint
CREATE INDEX `member_user` ON `member` (`userId`);--> statement-breakpoint
CREATE TABLE `organization` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`logo` text,
	`createdAt` integer NOT NULL,
	`metadata` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organization_slug_unique` ON `organization` (`slug`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`expiresAt` integer NOT NULL,
	`token` text NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	`ipAddress` text,
	`userAgent` text,
	`userId` text NOT NULL,
	`activeOrganizationId` text,
	FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token_unique` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_user` ON `session` (`userId`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`emailVerified` integer DEFAULT false NOT NULL,
	`image` text,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email_unique` ON `user` (`email`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expiresAt` integer NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verification_identifier` ON `verification` (`identifier`);--> statement-breakpoint
CREATE TABLE `blobs` (
	`orgId` text NOT NULL,
	`sha256` text NOT NULL,
	`sizeBytes` integer NOT NULL,
	`crc32` integer NOT NULL,
	`createdAt` integer NOT NULL,
	PRIMARY KEY(`orgId`, `sha256`),
	FOREIGN KEY (`orgId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `capsules` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`digest` text NOT NULL,
	`contentDigest` text NOT NULL,
	`urn` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`fileCount` integer NOT NULL,
	`sizeBytes` integer NOT NULL,
	`createdAt` integer NOT NULL,
	`acceptedAt` integer NOT NULL,
	`acceptedBy` text NOT NULL,
	`eventSeq` integer NOT NULL,
	PRIMARY KEY(`orgId`, `projectId`, `digest`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `capsules_accepted` ON `capsules` (`orgId`,`projectId`,`acceptedAt`);--> statement-breakpoint
CREATE TABLE `deploys` (
	`id` text PRIMARY KEY NOT NULL,
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`startedAt` integer NOT NULL,
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `host_labels` (
	`label` text PRIMARY KEY NOT NULL,
	`projectId` text NOT NULL,
	`createdAt` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `hostnames` (
	`hostname` text PRIMARY KEY NOT NULL,
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`environment` text NOT NULL,
	`artifactDigest` text NOT NULL,
	`configurationDigest` text NOT NULL,
	`capsuleDigest` text NOT NULL,
	`revision` integer NOT NULL,
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `hostnames_project` ON `hostnames` (`projectId`,`environment`,`hostname`);--> statement-breakpoint
CREATE TABLE `project_keys` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`keyId` text NOT NULL,
	`publicKey` text NOT NULL,
	`sealed` text NOT NULL,
	`createdAt` integer NOT NULL,
	PRIMARY KEY(`projectId`, `keyId`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`orgId` text NOT NULL,
	`label` text NOT NULL,
	`name` text NOT NULL,
	`createdAt` integer NOT NULL,
	`createdBy` text NOT NULL,
	`deletedAt` integer,
	FOREIGN KEY (`orgId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`label`) REFERENCES `host_labels`(`label`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_org_id` ON `projects` (`orgId`,`id`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`orgId` text NOT NULL,
	`keyId` text NOT NULL,
	`publicKey` text NOT NULL,
	`name` text NOT NULL,
	`createdAt` integer NOT NULL,
	`createdBy` text NOT NULL,
	PRIMARY KEY(`orgId`, `keyId`),
	FOREIGN KEY (`orgId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `statements` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`capsuleDigest` text NOT NULL,
	`envelopeSha256` text NOT NULL,
	`predicateType` text NOT NULL,
	`keyIds` text NOT NULL,
	`createdAt` integer NOT NULL,
	PRIMARY KEY(`orgId`, `projectId`, `envelopeSha256`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `statements_capsule` ON `statements` (`orgId`,`projectId`,`capsuleDigest`);