// Generated from server/openapi.json by `npm run drift -- --write`; do not edit.

export type ClientOptions = {
    baseUrl: 'http://localhost:5000' | (string & {});
};

/**
 * RFC 9457. `code` is stable; everything else is for people.
 */
export type Problem = {
    /**
     * Where this code is explained.
     */
    type: string;
    title: string;
    status: number;
    detail?: string;
    code: string;
    /**
     * Names this request in logs and in the audit log.
     */
    requestId: string;
    /**
     * What is wrong with the input, by JSON pointer (RFC 6901).
     */
    errors?: Array<{
        pointer: string;
        message: string;
    }>;
};

export type HealthLiveData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/livez';
};

export type HealthLiveResponses = {
    /**
     * Default Response
     */
    200: {
        status: 'pass';
    };
};

export type HealthLiveResponse = HealthLiveResponses[keyof HealthLiveResponses];

export type HealthReadyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/readyz';
};

export type HealthReadyErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * Default Response
     */
    503: {
        status: 'pass' | 'warn' | 'fail';
        failed: Array<string>;
    };
};

export type HealthReadyError = HealthReadyErrors[keyof HealthReadyErrors];

export type HealthReadyResponses = {
    /**
     * Default Response
     */
    200: {
        status: 'pass' | 'warn' | 'fail';
        failed: Array<string>;
    };
};

export type HealthReadyResponse = HealthReadyResponses[keyof HealthReadyResponses];

export type HealthReportData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health';
};

export type HealthReportErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * Default Response
     */
    503: {
        status: 'pass' | 'warn' | 'fail';
        version: string;
        checks: {
            [key: string]: {
                status: 'pass' | 'warn' | 'fail';
                detail?: string;
                [key: string]: unknown;
            };
        };
    };
};

export type HealthReportError = HealthReportErrors[keyof HealthReportErrors];

export type HealthReportResponses = {
    /**
     * Default Response
     */
    200: {
        status: 'pass' | 'warn' | 'fail';
        version: string;
        checks: {
            [key: string]: {
                status: 'pass' | 'warn' | 'fail';
                detail?: string;
                [key: string]: unknown;
            };
        };
    };
};

export type HealthReportResponse = HealthReportResponses[keyof HealthReportResponses];

export type HealthReportAliasData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/health';
};

export type HealthReportAliasErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * Default Response
     */
    503: {
        status: 'pass' | 'warn' | 'fail';
        version: string;
        checks: {
            [key: string]: {
                status: 'pass' | 'warn' | 'fail';
                detail?: string;
                [key: string]: unknown;
            };
        };
    };
};

export type HealthReportAliasError = HealthReportAliasErrors[keyof HealthReportAliasErrors];

export type HealthReportAliasResponses = {
    /**
     * Default Response
     */
    200: {
        status: 'pass' | 'warn' | 'fail';
        version: string;
        checks: {
            [key: string]: {
                status: 'pass' | 'warn' | 'fail';
                detail?: string;
                [key: string]: unknown;
            };
        };
    };
};

export type HealthReportAliasResponse = HealthReportAliasResponses[keyof HealthReportAliasResponses];

export type AuthJwksData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/jwks.json';
};

export type AuthJwksErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthJwksError = AuthJwksErrors[keyof AuthJwksErrors];

export type AuthJwksResponses = {
    /**
     * Default Response
     */
    200: {
        keys: Array<{
            [key: string]: unknown;
        }>;
    };
};

export type AuthJwksResponse = AuthJwksResponses[keyof AuthJwksResponses];

export type PrivacyEraseMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};

export type PrivacyEraseMeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `privacy.last_super_admin`: The last super admin cannot leave.
     */
    409: Problem & {
        code: 'privacy.last_super_admin';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PrivacyEraseMeError = PrivacyEraseMeErrors[keyof PrivacyEraseMeErrors];

export type PrivacyEraseMeResponses = {
    /**
     * Default Response
     */
    202: {
        data: {
            status: 'closed';
            erasesAt: string;
        };
    };
};

export type PrivacyEraseMeResponse = PrivacyEraseMeResponses[keyof PrivacyEraseMeResponses];

export type UsersGetMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};

export type UsersGetMeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     */
    403: Problem & {
        code: 'access.forbidden';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type UsersGetMeError = UsersGetMeErrors[keyof UsersGetMeErrors];

export type UsersGetMeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            email: string;
            emailVerified: boolean;
            name: string | null;
            username: string | null;
            bio: string | null;
            avatar: string | null;
            locale: string;
            timeZone: string | null;
            privacy: {
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                profile: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                email: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                name: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                bio: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                avatar: 'public' | 'members' | 'nobody';
            };
            roles: Array<string>;
            websocketId: string;
            lastLoginAt: string | null;
            createdAt: string;
            impersonation: {
                /**
                 * The administrator who acts here.
                 */
                by: string;
                reason: string;
                expiresAt: string;
            } | null;
        };
    };
};

export type UsersGetMeResponse = UsersGetMeResponses[keyof UsersGetMeResponses];

export type UsersUpdateMeData = {
    body: {
        name?: string | null;
        /**
         * 3 to 32 letters, digits, dots, dashes and underscores; case does not make it another one.
         */
        username?: string;
        bio?: string | null;
        avatar?: string | null;
        timeZone?: string | null;
        locale?: string;
        privacy?: {
            /**
             * Who may see it: anybody, people who are signed in, or nobody else.
             */
            profile?: 'public' | 'members' | 'nobody';
            /**
             * Who may see it: anybody, people who are signed in, or nobody else.
             */
            email?: 'public' | 'members' | 'nobody';
            /**
             * Who may see it: anybody, people who are signed in, or nobody else.
             */
            name?: 'public' | 'members' | 'nobody';
            /**
             * Who may see it: anybody, people who are signed in, or nobody else.
             */
            bio?: 'public' | 'members' | 'nobody';
            /**
             * Who may see it: anybody, people who are signed in, or nobody else.
             */
            avatar?: 'public' | 'members' | 'nobody';
        };
    };
    path?: never;
    query?: never;
    url: '/api/v1/users/me';
};

export type UsersUpdateMeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     */
    403: Problem & {
        code: 'access.forbidden';
    };
    /**
     * `users.username_taken`: This username is taken.
     */
    409: Problem & {
        code: 'users.username_taken';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `users.invalid_avatar`: A picture is an https address on the public internet, without a login.
     *
     * `users.invalid_time_zone`: There is no such time zone.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'users.invalid_avatar' | 'users.invalid_time_zone';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type UsersUpdateMeError = UsersUpdateMeErrors[keyof UsersUpdateMeErrors];

export type UsersUpdateMeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            email: string;
            emailVerified: boolean;
            name: string | null;
            username: string | null;
            bio: string | null;
            avatar: string | null;
            locale: string;
            timeZone: string | null;
            privacy: {
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                profile: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                email: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                name: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                bio: 'public' | 'members' | 'nobody';
                /**
                 * Who may see it: anybody, people who are signed in, or nobody else.
                 */
                avatar: 'public' | 'members' | 'nobody';
            };
            roles: Array<string>;
            websocketId: string;
            lastLoginAt: string | null;
            createdAt: string;
            impersonation: {
                /**
                 * The administrator who acts here.
                 */
                by: string;
                reason: string;
                expiresAt: string;
            } | null;
        };
    };
};

export type UsersUpdateMeResponse = UsersUpdateMeResponses[keyof UsersUpdateMeResponses];

export type UsersGetData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/users/{id}';
};

export type UsersGetErrors = {
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type UsersGetError = UsersGetErrors[keyof UsersGetErrors];

export type UsersGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            name: string | null;
            username: string | null;
            bio: string | null;
            avatar: string | null;
            email: string | null;
            /**
             * There was somebody; nothing of them is shown.
             */
            deleted: boolean;
            createdAt: string;
            /**
             * Only for who may read this account; what of it their role does not let them read is null.
             */
            account?: {
                status: 'active' | 'suspended' | 'deleted' | null;
                emailVerified: boolean | null;
                websocketId: string | null;
                lastLoginAt: string | null;
                teams: Array<string> | null;
            };
        };
    };
};

export type UsersGetResponse = UsersGetResponses[keyof UsersGetResponses];

export type UsersSetTeamsData = {
    body: {
        teams: Array<string>;
    };
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/users/{id}/teams';
};

export type UsersSetTeamsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `users.own_teams`: Nobody chooses their own teams.
     *
     * `users.account_above`: The teams of this account are chosen by who stands above it.
     *
     * `users.teams_above_own`: In these teams they could do more than you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'users.own_teams' | 'users.account_above' | 'users.teams_above_own';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type UsersSetTeamsError = UsersSetTeamsErrors[keyof UsersSetTeamsErrors];

export type UsersSetTeamsResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            teams: Array<string>;
        };
    };
};

export type UsersSetTeamsResponse = UsersSetTeamsResponses[keyof UsersSetTeamsResponses];

export type UsersListData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * Start of a name or username, as far as you may see them; of an address, too, if you may read any account.
         */
        search?: string;
        createdFrom?: string;
        createdTo?: string;
        hasUsername?: boolean;
        /**
         * Only for who may read any account.
         */
        status?: 'active' | 'suspended' | 'deleted';
        /**
         * Only for who may read any account.
         */
        verified?: boolean;
        /**
         * Also count them all.
         */
        total?: boolean;
    };
    url: '/api/v1/users';
};

export type UsersListErrors = {
    /**
     * `access.forbidden`: You may not do this.
     */
    403: Problem & {
        code: 'access.forbidden';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type UsersListError = UsersListErrors[keyof UsersListErrors];

export type UsersListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            name: string | null;
            username: string | null;
            bio: string | null;
            avatar: string | null;
            email: string | null;
            /**
             * There was somebody; nothing of them is shown.
             */
            deleted: boolean;
            createdAt: string;
            /**
             * Only for who may read this account; what of it their role does not let them read is null.
             */
            account?: {
                status: 'active' | 'suspended' | 'deleted' | null;
                emailVerified: boolean | null;
                websocketId: string | null;
                lastLoginAt: string | null;
                teams: Array<string> | null;
            };
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type UsersListResponse = UsersListResponses[keyof UsersListResponses];

export type AuthRegisterData = {
    body: {
        email: string;
        password: string;
        name?: string;
        /**
         * 3 to 32 letters, digits, dots, dashes and underscores; case does not make it another one.
         */
        username?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/register';
};

export type AuthRegisterErrors = {
    /**
     * `auth.registration_closed`: New accounts are made by invitation only.
     */
    403: Problem & {
        code: 'auth.registration_closed';
    };
    /**
     * `users.username_taken`: This username is taken.
     */
    409: Problem & {
        code: 'users.username_taken';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.weak_password`: This password is too weak.
     *
     * `users.invalid_email`: This is not an e-mail address we can send to.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.weak_password' | 'users.invalid_email';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthRegisterError = AuthRegisterErrors[keyof AuthRegisterErrors];

export type AuthRegisterResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
    /**
     * Default Response
     */
    202: {
        data: {
            status: 'verification_required';
        };
    };
};

export type AuthRegisterResponse = AuthRegisterResponses[keyof AuthRegisterResponses];

export type AuthSignUpData = {
    body: {
        email: string;
        password: string;
        name?: string;
        /**
         * 3 to 32 letters, digits, dots, dashes and underscores; case does not make it another one.
         */
        username?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/signup';
};

export type AuthSignUpErrors = {
    /**
     * `auth.registration_closed`: New accounts are made by invitation only.
     */
    403: Problem & {
        code: 'auth.registration_closed';
    };
    /**
     * `users.username_taken`: This username is taken.
     */
    409: Problem & {
        code: 'users.username_taken';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.weak_password`: This password is too weak.
     *
     * `users.invalid_email`: This is not an e-mail address we can send to.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.weak_password' | 'users.invalid_email';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthSignUpError = AuthSignUpErrors[keyof AuthSignUpErrors];

export type AuthSignUpResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
    /**
     * Default Response
     */
    202: {
        data: {
            status: 'verification_required';
        };
    };
};

export type AuthSignUpResponse = AuthSignUpResponses[keyof AuthSignUpResponses];

export type AuthVerifyEmailData = {
    body: {
        token?: string;
        email?: string;
        code?: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/verify-email';
};

export type AuthVerifyEmailErrors = {
    /**
     * `auth.invalid_verification`: This link or code is not valid any more.
     */
    400: Problem & {
        code: 'auth.invalid_verification';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthVerifyEmailError = AuthVerifyEmailErrors[keyof AuthVerifyEmailErrors];

export type AuthVerifyEmailResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'verified';
        };
    };
};

export type AuthVerifyEmailResponse = AuthVerifyEmailResponses[keyof AuthVerifyEmailResponses];

export type AuthLoginData = {
    body: {
        /**
         * The e-mail address or the username.
         */
        email: string;
        password: string;
        /**
         * A browser session in a cookie, or an access and a refresh token.
         */
        mode?: 'cookie' | 'token';
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/login';
};

export type AuthLoginErrors = {
    /**
     * `auth.invalid_credentials`: The sign-in name or the password is wrong.
     */
    401: Problem & {
        code: 'auth.invalid_credentials';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthLoginError = AuthLoginErrors[keyof AuthLoginErrors];

export type AuthLoginResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
};

export type AuthLoginResponse = AuthLoginResponses[keyof AuthLoginResponses];

export type AuthRefreshData = {
    body: {
        refreshToken: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/refresh';
};

export type AuthRefreshErrors = {
    /**
     * `auth.invalid_refresh_token`: This refresh token is not valid.
     */
    401: Problem & {
        code: 'auth.invalid_refresh_token';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthRefreshError = AuthRefreshErrors[keyof AuthRefreshErrors];

export type AuthRefreshResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            accessToken: string;
            refreshToken: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn: number;
        };
    };
};

export type AuthRefreshResponse = AuthRefreshResponses[keyof AuthRefreshResponses];

export type AuthLogoutData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/logout';
};

export type AuthLogoutErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     */
    403: Problem & {
        code: 'access.forbidden';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthLogoutError = AuthLogoutErrors[keyof AuthLogoutErrors];

export type AuthLogoutResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AuthLogoutResponse = AuthLogoutResponses[keyof AuthLogoutResponses];

export type AuthCsrfTokenData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/csrf-token';
};

export type AuthCsrfTokenErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthCsrfTokenError = AuthCsrfTokenErrors[keyof AuthCsrfTokenErrors];

export type AuthCsrfTokenResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            csrfToken: string;
        };
    };
};

export type AuthCsrfTokenResponse = AuthCsrfTokenResponses[keyof AuthCsrfTokenResponses];

export type AuthCsrfTokenAliasData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/csrf-token';
};

export type AuthCsrfTokenAliasErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthCsrfTokenAliasError = AuthCsrfTokenAliasErrors[keyof AuthCsrfTokenAliasErrors];

export type AuthCsrfTokenAliasResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            csrfToken: string;
        };
    };
};

export type AuthCsrfTokenAliasResponse = AuthCsrfTokenAliasResponses[keyof AuthCsrfTokenAliasResponses];

export type AuthCurrentSessionData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/session';
};

export type AuthCurrentSessionErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthCurrentSessionError = AuthCurrentSessionErrors[keyof AuthCurrentSessionErrors];

export type AuthCurrentSessionResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            } | null;
            /**
             * What this session may do, as far as a permission alone decides.
             */
            permissions?: Array<string>;
            expiresAt?: string | null;
            provenUntil?: string | null;
            administration?: {
                hasAuthenticator: boolean;
                elevatedUntil: string | null;
            };
            /**
             * A role needs a second factor; until there is one, nothing but enrolling is allowed.
             */
            isEnrolmentDue?: boolean;
            impersonation?: {
                /**
                 * The administrator who acts here.
                 */
                by: string;
                name: string | null;
                reason: string;
                expiresAt: string;
            } | null;
            csrfToken: string | null;
        };
    };
};

export type AuthCurrentSessionResponse = AuthCurrentSessionResponses[keyof AuthCurrentSessionResponses];

export type AuthVerifySecondFactorData = {
    body: {
        pendingToken: string;
        /**
         * A browser session in a cookie, or an access and a refresh token.
         */
        mode?: 'cookie' | 'token';
        /**
         * After a right code: ask this browser for none in the next 30 days.
         */
        trustDevice?: boolean;
        /**
         * A code of the authenticator: six digits. Each works once.
         */
        code?: string;
        /**
         * A backup code, such as `3-7K4QX-9M2TR`; case, spaces and dashes do not matter.
         */
        backupCode?: string;
        passkey?: {
            id: string;
            rawId: string;
            type: 'public-key';
            authenticatorAttachment?: 'platform' | 'cross-platform';
            response: {
                clientDataJSON: string;
                authenticatorData: string;
                signature: string;
                userHandle?: string;
            };
        };
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/login/verify-2fa';
};

export type AuthVerifySecondFactorErrors = {
    /**
     * `twofa.invalid_pending_login`: This sign-in is over.
     *
     * `twofa.sign_in_code_refused`: The code is wrong, too old, or was used before.
     *
     * `auth.sign_in_passkey_refused`: This passkey does not sign you in.
     */
    401: Problem & {
        code: 'twofa.invalid_pending_login' | 'twofa.sign_in_code_refused' | 'auth.sign_in_passkey_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     *
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     */
    429: Problem & {
        code: 'rate_limit.exceeded' | 'twofa.too_many_wrong_codes';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthVerifySecondFactorError = AuthVerifySecondFactorErrors[keyof AuthVerifySecondFactorErrors];

export type AuthVerifySecondFactorResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        };
    };
};

export type AuthVerifySecondFactorResponse = AuthVerifySecondFactorResponses[keyof AuthVerifySecondFactorResponses];

export type AuthAskSecondPasskeyData = {
    body: {
        pendingToken: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/login/verify-2fa/passkey-options';
};

export type AuthAskSecondPasskeyErrors = {
    /**
     * `twofa.invalid_pending_login`: This sign-in is over.
     */
    401: Problem & {
        code: 'twofa.invalid_pending_login';
    };
    /**
     * `auth.no_passkey`: This account has no passkey.
     */
    409: Problem & {
        code: 'auth.no_passkey';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthAskSecondPasskeyError = AuthAskSecondPasskeyErrors[keyof AuthAskSecondPasskeyErrors];

export type AuthAskSecondPasskeyResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            challenge: string;
            rpId: string;
            /**
             * Milliseconds.
             */
            timeout: number;
            userVerification: 'required';
            /**
             * The passkeys that may answer; none at a sign-in, where the authenticator offers its own.
             */
            allowCredentials: Array<{
                id: string;
                type: 'public-key';
                transports: Array<string>;
            }>;
        };
    };
};

export type AuthAskSecondPasskeyResponse = AuthAskSecondPasskeyResponses[keyof AuthAskSecondPasskeyResponses];

export type AuthVerifyBackupCodeData = {
    body: {
        pendingToken: string;
        /**
         * A browser session in a cookie, or an access and a refresh token.
         */
        mode?: 'cookie' | 'token';
        /**
         * After a right code: ask this browser for none in the next 30 days.
         */
        trustDevice?: boolean;
        /**
         * A backup code, such as `3-7K4QX-9M2TR`; case, spaces and dashes do not matter.
         */
        code: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/2fa/backup/verify';
};

export type AuthVerifyBackupCodeErrors = {
    /**
     * `twofa.invalid_pending_login`: This sign-in is over.
     *
     * `twofa.sign_in_code_refused`: The code is wrong, too old, or was used before.
     *
     * `auth.sign_in_passkey_refused`: This passkey does not sign you in.
     */
    401: Problem & {
        code: 'twofa.invalid_pending_login' | 'twofa.sign_in_code_refused' | 'auth.sign_in_passkey_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     *
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     */
    429: Problem & {
        code: 'rate_limit.exceeded' | 'twofa.too_many_wrong_codes';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthVerifyBackupCodeError = AuthVerifyBackupCodeErrors[keyof AuthVerifyBackupCodeErrors];

export type AuthVerifyBackupCodeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        };
    };
};

export type AuthVerifyBackupCodeResponse = AuthVerifyBackupCodeResponses[keyof AuthVerifyBackupCodeResponses];

export type AuthAskPasskeyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/passkeys/sign-in/options';
};

export type AuthAskPasskeyErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthAskPasskeyError = AuthAskPasskeyErrors[keyof AuthAskPasskeyErrors];

export type AuthAskPasskeyResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            challenge: string;
            rpId: string;
            /**
             * Milliseconds.
             */
            timeout: number;
            userVerification: 'required';
            /**
             * The passkeys that may answer; none at a sign-in, where the authenticator offers its own.
             */
            allowCredentials: Array<{
                id: string;
                type: 'public-key';
                transports: Array<string>;
            }>;
        };
    };
};

export type AuthAskPasskeyResponse = AuthAskPasskeyResponses[keyof AuthAskPasskeyResponses];

export type AuthSignInWithPasskeyData = {
    body: {
        passkey: {
            id: string;
            rawId: string;
            type: 'public-key';
            authenticatorAttachment?: 'platform' | 'cross-platform';
            response: {
                clientDataJSON: string;
                authenticatorData: string;
                signature: string;
                userHandle?: string;
            };
        };
        /**
         * A browser session in a cookie, or an access and a refresh token.
         */
        mode?: 'cookie' | 'token';
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/passkeys/sign-in';
};

export type AuthSignInWithPasskeyErrors = {
    /**
     * `auth.sign_in_passkey_refused`: This passkey does not sign you in.
     */
    401: Problem & {
        code: 'auth.sign_in_passkey_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthSignInWithPasskeyError = AuthSignInWithPasskeyErrors[keyof AuthSignInWithPasskeyErrors];

export type AuthSignInWithPasskeyResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
};

export type AuthSignInWithPasskeyResponse = AuthSignInWithPasskeyResponses[keyof AuthSignInWithPasskeyResponses];

export type AuthListPasskeysData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/passkeys';
};

export type AuthListPasskeysErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthListPasskeysError = AuthListPasskeysErrors[keyof AuthListPasskeysErrors];

export type AuthListPasskeysResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            name: string;
            /**
             * The model of its authenticator; zeros where it keeps that to itself.
             */
            aaguid: string;
            transports: Array<string>;
            /**
             * It can be copied to other devices of its owner.
             */
            backupEligible: boolean;
            /**
             * It is there now.
             */
            backedUp: boolean;
            createdAt: string;
            lastUsedAt: string | null;
        }>;
    };
};

export type AuthListPasskeysResponse = AuthListPasskeysResponses[keyof AuthListPasskeysResponses];

export type AuthAddPasskeyData = {
    body: {
        /**
         * What its owner calls it.
         */
        name: string;
        passkey: {
            id: string;
            rawId: string;
            type: 'public-key';
            authenticatorAttachment?: 'platform' | 'cross-platform';
            response: {
                clientDataJSON: string;
                attestationObject: string;
                transports?: Array<string>;
            };
        };
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/passkeys';
};

export type AuthAddPasskeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `auth.passkey_taken`: This passkey has been added already.
     *
     * `auth.too_many_passkeys`: An account has 20 passkeys at most.
     */
    409: Problem & {
        code: 'auth.passkey_taken' | 'auth.too_many_passkeys';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.passkey_invalid`: This passkey cannot be added.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.passkey_invalid';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthAddPasskeyError = AuthAddPasskeyErrors[keyof AuthAddPasskeyErrors];

export type AuthAddPasskeyResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            id: string;
            name: string;
            /**
             * The model of its authenticator; zeros where it keeps that to itself.
             */
            aaguid: string;
            transports: Array<string>;
            /**
             * It can be copied to other devices of its owner.
             */
            backupEligible: boolean;
            /**
             * It is there now.
             */
            backedUp: boolean;
            createdAt: string;
            lastUsedAt: string | null;
        };
    };
};

export type AuthAddPasskeyResponse = AuthAddPasskeyResponses[keyof AuthAddPasskeyResponses];

export type AuthStartPasskeyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/passkeys/options';
};

export type AuthStartPasskeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `auth.too_many_passkeys`: An account has 20 passkeys at most.
     */
    409: Problem & {
        code: 'auth.too_many_passkeys';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthStartPasskeyError = AuthStartPasskeyErrors[keyof AuthStartPasskeyErrors];

export type AuthStartPasskeyResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            challenge: string;
            rp: {
                id: string;
                name: string;
            };
            user: {
                /**
                 * Random, and the same for all passkeys of a user.
                 */
                id: string;
                name: string;
                displayName: string;
            };
            pubKeyCredParams: Array<{
                alg: number;
                type: 'public-key';
            }>;
            /**
             * Milliseconds.
             */
            timeout: number;
            attestation: 'none';
            excludeCredentials: Array<{
                id: string;
                type: 'public-key';
                transports: Array<string>;
            }>;
            authenticatorSelection: {
                residentKey: 'required';
                requireResidentKey: boolean;
                userVerification: 'required';
            };
            extensions: {
                credProps: boolean;
            };
        };
    };
};

export type AuthStartPasskeyResponse = AuthStartPasskeyResponses[keyof AuthStartPasskeyResponses];

export type AuthRemovePasskeyData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/auth/passkeys/{id}';
};

export type AuthRemovePasskeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `auth.passkey_not_found`: There is no such passkey.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'auth.passkey_not_found';
    };
    /**
     * `auth.last_way_in`: Without this passkey you could not sign in any more.
     */
    409: Problem & {
        code: 'auth.last_way_in';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthRemovePasskeyError = AuthRemovePasskeyErrors[keyof AuthRemovePasskeyErrors];

export type AuthRemovePasskeyResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AuthRemovePasskeyResponse = AuthRemovePasskeyResponses[keyof AuthRemovePasskeyResponses];

export type AuthRenamePasskeyData = {
    body: {
        /**
         * What its owner calls it.
         */
        name: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/auth/passkeys/{id}';
};

export type AuthRenamePasskeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `auth.passkey_not_found`: There is no such passkey.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'auth.passkey_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthRenamePasskeyError = AuthRenamePasskeyErrors[keyof AuthRenamePasskeyErrors];

export type AuthRenamePasskeyResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            name: string;
            /**
             * The model of its authenticator; zeros where it keeps that to itself.
             */
            aaguid: string;
            transports: Array<string>;
            /**
             * It can be copied to other devices of its owner.
             */
            backupEligible: boolean;
            /**
             * It is there now.
             */
            backedUp: boolean;
            createdAt: string;
            lastUsedAt: string | null;
        };
    };
};

export type AuthRenamePasskeyResponse = AuthRenamePasskeyResponses[keyof AuthRenamePasskeyResponses];

export type AuthEndOtherSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/sessions';
};

export type AuthEndOtherSessionsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthEndOtherSessionsError = AuthEndOtherSessionsErrors[keyof AuthEndOtherSessionsErrors];

export type AuthEndOtherSessionsResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            sessionsEnded: number;
        };
    };
};

export type AuthEndOtherSessionsResponse = AuthEndOtherSessionsResponses[keyof AuthEndOtherSessionsResponses];

export type AuthListSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/sessions';
};

export type AuthListSessionsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthListSessionsError = AuthListSessionsErrors[keyof AuthListSessionsErrors];

export type AuthListSessionsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            /**
             * The session that asks.
             */
            current: boolean;
            kind: 'cookie' | 'token' | 'external';
            /**
             * The door it was opened by.
             */
            firstFactor: 'password' | 'registration' | 'magic_link' | 'passkey' | 'oidc' | 'invitation' | 'impersonation' | 'demo';
            secondFactor: string | null;
            /**
             * As its user agent calls itself: `Firefox on Linux`.
             */
            device: string;
            userAgent: string | null;
            ip: string | null;
            createdAt: string;
            /**
             * When it was last used, to within five minutes.
             */
            lastSeenAt: string;
            expiresAt: string;
        }>;
    };
};

export type AuthListSessionsResponse = AuthListSessionsResponses[keyof AuthListSessionsResponses];

export type AuthEndSessionData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/auth/sessions/{id}';
};

export type AuthEndSessionErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `auth.session_not_found`: There is no such session.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'auth.session_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthEndSessionError = AuthEndSessionErrors[keyof AuthEndSessionErrors];

export type AuthEndSessionResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AuthEndSessionResponse = AuthEndSessionResponses[keyof AuthEndSessionResponses];

export type AuthLogoutAllData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/logout-all';
};

export type AuthLogoutAllErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthLogoutAllError = AuthLogoutAllErrors[keyof AuthLogoutAllErrors];

export type AuthLogoutAllResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            sessionsEnded: number;
        };
    };
};

export type AuthLogoutAllResponse = AuthLogoutAllResponses[keyof AuthLogoutAllResponses];

export type AuthStepUpMethodsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/step-up';
};

export type AuthStepUpMethodsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthStepUpMethodsError = AuthStepUpMethodsErrors[keyof AuthStepUpMethodsErrors];

export type AuthStepUpMethodsResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            methods: Array<'password' | 'totp' | 'backup_code' | 'passkey'>;
        };
    };
};

export type AuthStepUpMethodsResponse = AuthStepUpMethodsResponses[keyof AuthStepUpMethodsResponses];

export type AuthStepUpData = {
    body: {
        password?: string;
        /**
         * A code of the authenticator: six digits. Each works once.
         */
        code?: string;
        /**
         * A backup code, such as `3-7K4QX-9M2TR`; case, spaces and dashes do not matter.
         */
        backupCode?: string;
        passkey?: {
            id: string;
            rawId: string;
            type: 'public-key';
            authenticatorAttachment?: 'platform' | 'cross-platform';
            response: {
                clientDataJSON: string;
                authenticatorData: string;
                signature: string;
                userHandle?: string;
            };
        };
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/step-up';
};

export type AuthStepUpErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `auth.wrong_password`: The current password is wrong.
     *
     * `auth.passkey_refused`: This passkey does not show that it is you.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'auth.wrong_password' | 'auth.passkey_refused' | 'twofa.code_refused';
    };
    /**
     * `twofa.not_enabled`: No second factor is on.
     */
    409: Problem & {
        code: 'twofa.not_enabled';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     *
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     */
    429: Problem & {
        code: 'rate_limit.exceeded' | 'twofa.too_many_wrong_codes';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthStepUpError = AuthStepUpErrors[keyof AuthStepUpErrors];

export type AuthStepUpResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
            provenAt: string;
            /**
             * Until then sensitive changes are allowed.
             */
            expiresAt: string;
        };
    };
};

export type AuthStepUpResponse = AuthStepUpResponses[keyof AuthStepUpResponses];

export type AuthAskOwnPasskeyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/step-up/passkey-options';
};

export type AuthAskOwnPasskeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required';
    };
    /**
     * `auth.no_passkey`: This account has no passkey.
     */
    409: Problem & {
        code: 'auth.no_passkey';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthAskOwnPasskeyError = AuthAskOwnPasskeyErrors[keyof AuthAskOwnPasskeyErrors];

export type AuthAskOwnPasskeyResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            challenge: string;
            rpId: string;
            /**
             * Milliseconds.
             */
            timeout: number;
            userVerification: 'required';
            /**
             * The passkeys that may answer; none at a sign-in, where the authenticator offers its own.
             */
            allowCredentials: Array<{
                id: string;
                type: 'public-key';
                transports: Array<string>;
            }>;
        };
    };
};

export type AuthAskOwnPasskeyResponse = AuthAskOwnPasskeyResponses[keyof AuthAskOwnPasskeyResponses];

export type AuthRequestMagicLinkData = {
    body: {
        email: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/magic-link';
};

export type AuthRequestMagicLinkErrors = {
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthRequestMagicLinkError = AuthRequestMagicLinkErrors[keyof AuthRequestMagicLinkErrors];

export type AuthRequestMagicLinkResponses = {
    /**
     * Default Response
     */
    202: {
        data: {
            status: 'sent';
        };
    };
};

export type AuthRequestMagicLinkResponse = AuthRequestMagicLinkResponses[keyof AuthRequestMagicLinkResponses];

export type AuthSignInByMailData = {
    body: {
        token?: string;
        email?: string;
        code?: string;
        /**
         * A browser session in a cookie, or an access and a refresh token.
         */
        mode?: 'cookie' | 'token';
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/magic-link/sign-in';
};

export type AuthSignInByMailErrors = {
    /**
     * `auth.invalid_sign_in_link`: This link or code is not valid any more.
     */
    401: Problem & {
        code: 'auth.invalid_sign_in_link';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthSignInByMailError = AuthSignInByMailErrors[keyof AuthSignInByMailErrors];

export type AuthSignInByMailResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
};

export type AuthSignInByMailResponse = AuthSignInByMailResponses[keyof AuthSignInByMailResponses];

export type AuthDemoLoginData = {
    body: {
        email: string;
        password: string;
        /**
         * A browser session in a cookie, or an access and a refresh token.
         */
        mode?: 'cookie' | 'token';
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/demo-login';
};

export type AuthDemoLoginErrors = {
    /**
     * `auth.invalid_credentials`: The sign-in name or the password is wrong.
     */
    401: Problem & {
        code: 'auth.invalid_credentials';
    };
    /**
     * `auth.demo_login_disabled`: There is no demo login here.
     */
    403: Problem & {
        code: 'auth.demo_login_disabled';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AuthDemoLoginError = AuthDemoLoginErrors[keyof AuthDemoLoginErrors];

export type AuthDemoLoginResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
};

export type AuthDemoLoginResponse = AuthDemoLoginResponses[keyof AuthDemoLoginResponses];

export type AuthForgotPasswordData = {
    body: {
        email: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/forgot-password';
};

export type AuthForgotPasswordErrors = {
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthForgotPasswordError = AuthForgotPasswordErrors[keyof AuthForgotPasswordErrors];

export type AuthForgotPasswordResponses = {
    /**
     * Default Response
     */
    202: {
        data: {
            status: 'sent';
        };
    };
};

export type AuthForgotPasswordResponse = AuthForgotPasswordResponses[keyof AuthForgotPasswordResponses];

export type AuthResetPasswordData = {
    body: {
        token: string;
        password: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/reset-password';
};

export type AuthResetPasswordErrors = {
    /**
     * `auth.invalid_reset_token`: This link is not valid any more.
     */
    400: Problem & {
        code: 'auth.invalid_reset_token';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.weak_password`: This password is too weak.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.weak_password';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthResetPasswordError = AuthResetPasswordErrors[keyof AuthResetPasswordErrors];

export type AuthResetPasswordResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'reset';
        };
    };
};

export type AuthResetPasswordResponse = AuthResetPasswordResponses[keyof AuthResetPasswordResponses];

export type AuthChangePasswordData = {
    body: {
        currentPassword: string;
        newPassword: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/change-password';
};

export type AuthChangePasswordErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `auth.wrong_password`: The current password is wrong.
     *
     * `auth.sign_in_required`: A key cannot change the password.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'auth.wrong_password' | 'auth.sign_in_required';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.weak_password`: This password is too weak.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.weak_password';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthChangePasswordError = AuthChangePasswordErrors[keyof AuthChangePasswordErrors];

export type AuthChangePasswordResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'changed';
        };
    };
};

export type AuthChangePasswordResponse = AuthChangePasswordResponses[keyof AuthChangePasswordResponses];

export type AuthResendVerificationData = {
    body: {
        email: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/resend-verification';
};

export type AuthResendVerificationErrors = {
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthResendVerificationError = AuthResendVerificationErrors[keyof AuthResendVerificationErrors];

export type AuthResendVerificationResponses = {
    /**
     * Default Response
     */
    202: {
        data: {
            status: 'sent' | 'already_verified';
        };
    };
};

export type AuthResendVerificationResponse = AuthResendVerificationResponses[keyof AuthResendVerificationResponses];

export type AuthWithdrawEmailChangeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/email-change';
};

export type AuthWithdrawEmailChangeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `auth.email_change_not_found`: No change of address waits.
     */
    404: Problem & {
        code: 'auth.email_change_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthWithdrawEmailChangeError = AuthWithdrawEmailChangeErrors[keyof AuthWithdrawEmailChangeErrors];

export type AuthWithdrawEmailChangeResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AuthWithdrawEmailChangeResponse = AuthWithdrawEmailChangeResponses[keyof AuthWithdrawEmailChangeResponses];

export type AuthGetEmailChangeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/email-change';
};

export type AuthGetEmailChangeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthGetEmailChangeError = AuthGetEmailChangeErrors[keyof AuthGetEmailChangeErrors];

export type AuthGetEmailChangeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            newEmail: string;
            /**
             * The mailbox of the present address has agreed.
             */
            oldConfirmed: boolean;
            /**
             * The mailbox of the new address has agreed.
             */
            newConfirmed: boolean;
            createdAt: string;
            expiresAt: string;
        } | null;
    };
};

export type AuthGetEmailChangeResponse = AuthGetEmailChangeResponses[keyof AuthGetEmailChangeResponses];

export type AuthRequestEmailChangeData = {
    body: {
        email: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/email-change';
};

export type AuthRequestEmailChangeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.email_unchanged`: This is the address of your account already.
     *
     * `users.invalid_email`: This is not an e-mail address we can send to.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.email_unchanged' | 'users.invalid_email';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthRequestEmailChangeError = AuthRequestEmailChangeErrors[keyof AuthRequestEmailChangeErrors];

export type AuthRequestEmailChangeResponses = {
    /**
     * Default Response
     */
    202: {
        data: {
            newEmail: string;
            /**
             * The mailbox of the present address has agreed.
             */
            oldConfirmed: boolean;
            /**
             * The mailbox of the new address has agreed.
             */
            newConfirmed: boolean;
            createdAt: string;
            expiresAt: string;
        };
    };
};

export type AuthRequestEmailChangeResponse = AuthRequestEmailChangeResponses[keyof AuthRequestEmailChangeResponses];

export type AuthConfirmEmailChangeData = {
    body: {
        token: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/email-change/confirm';
};

export type AuthConfirmEmailChangeErrors = {
    /**
     * `auth.invalid_email_change`: This link is not valid any more.
     */
    400: Problem & {
        code: 'auth.invalid_email_change';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthConfirmEmailChangeError = AuthConfirmEmailChangeErrors[keyof AuthConfirmEmailChangeErrors];

export type AuthConfirmEmailChangeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'waiting' | 'changed';
        };
    };
};

export type AuthConfirmEmailChangeResponse = AuthConfirmEmailChangeResponses[keyof AuthConfirmEmailChangeResponses];

export type AuthCancelEmailChangeData = {
    body: {
        token: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/email-change/cancel';
};

export type AuthCancelEmailChangeErrors = {
    /**
     * `auth.invalid_email_change`: This link is not valid any more.
     */
    400: Problem & {
        code: 'auth.invalid_email_change';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthCancelEmailChangeError = AuthCancelEmailChangeErrors[keyof AuthCancelEmailChangeErrors];

export type AuthCancelEmailChangeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'cancelled';
        };
    };
};

export type AuthCancelEmailChangeResponse = AuthCancelEmailChangeResponses[keyof AuthCancelEmailChangeResponses];

export type AuthListApiKeysData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/api-keys';
};

export type AuthListApiKeysErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthListApiKeysError = AuthListApiKeysErrors[keyof AuthListApiKeysErrors];

export type AuthListApiKeysResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            name: string;
            /**
             * The first characters, to recognise the key by.
             */
            hint: string;
            scopes: Array<string> | null;
            expiresAt: string | null;
            requestsPerMinute: number | null;
            lastUsedAt: string | null;
            lastUsedIp: string | null;
            createdAt: string;
        }>;
    };
};

export type AuthListApiKeysResponse = AuthListApiKeysResponses[keyof AuthListApiKeysResponses];

export type AuthCreateApiKeyData = {
    body: {
        name: string;
        /**
         * Permissions of yours that the key may use; without it, all of them. Not those with which a key can do nothing: `auth.listApiKeyScopes` lists the others.
         */
        scopes?: Array<string>;
        expiresAt?: string;
        /**
         * A limit of its own, beside the one that all your requests share.
         */
        requestsPerMinute?: number;
    };
    path?: never;
    query?: never;
    url: '/api/v1/auth/api-keys';
};

export type AuthCreateApiKeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.unknown_scope`: A key cannot be given a permission that you do not have, or that there is not.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.unknown_scope';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthCreateApiKeyError = AuthCreateApiKeyErrors[keyof AuthCreateApiKeyErrors];

export type AuthCreateApiKeyResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            id: string;
            name: string;
            /**
             * The first characters, to recognise the key by.
             */
            hint: string;
            scopes: Array<string> | null;
            expiresAt: string | null;
            requestsPerMinute: number | null;
            lastUsedAt: string | null;
            lastUsedIp: string | null;
            createdAt: string;
            key: string;
        };
    };
};

export type AuthCreateApiKeyResponse = AuthCreateApiKeyResponses[keyof AuthCreateApiKeyResponses];

export type AuthListApiKeyScopesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/auth/api-key-scopes';
};

export type AuthListApiKeyScopesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthListApiKeyScopesError = AuthListApiKeyScopesErrors[keyof AuthListApiKeyScopesErrors];

export type AuthListApiKeyScopesResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<string>;
    };
};

export type AuthListApiKeyScopesResponse = AuthListApiKeyScopesResponses[keyof AuthListApiKeyScopesResponses];

export type AuthRevokeApiKeyData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/auth/api-keys/{id}';
};

export type AuthRevokeApiKeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `auth.api_key_not_found`: There is no such API key.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'auth.api_key_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuthRevokeApiKeyError = AuthRevokeApiKeyErrors[keyof AuthRevokeApiKeyErrors];

export type AuthRevokeApiKeyResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AuthRevokeApiKeyResponse = AuthRevokeApiKeyResponses[keyof AuthRevokeApiKeyResponses];

export type TwofaStatusData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/twofa/status';
};

export type TwofaStatusErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type TwofaStatusError = TwofaStatusErrors[keyof TwofaStatusErrors];

export type TwofaStatusResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            enabled: boolean;
            enabledAt: string | null;
            backupCodesLeft: number;
            /**
             * A role of yours needs one: until it is on, you can do nothing else.
             */
            required: boolean;
        };
    };
};

export type TwofaStatusResponse = TwofaStatusResponses[keyof TwofaStatusResponses];

export type TwofaSetupData = {
    body: {
        password?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/twofa/setup';
};

export type TwofaSetupErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `auth.wrong_password`: The current password is wrong.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `twofa.proof_required`: This needs the password or a code.
     *
     * `twofa.session_required`: A key cannot change the second factor.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'auth.wrong_password' | 'access.step_up_required' | 'twofa.proof_required' | 'twofa.session_required';
    };
    /**
     * `twofa.already_enabled`: A second factor is on already.
     */
    409: Problem & {
        code: 'twofa.already_enabled';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type TwofaSetupError = TwofaSetupErrors[keyof TwofaSetupErrors];

export type TwofaSetupResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * 160 bits in base 32.
             */
            secret: string;
            /**
             * What the QR code says.
             */
            otpauthUrl: string;
            qrSvg: string;
            /**
             * The QR code as a PNG in a data URL.
             */
            qrDataUrl: string;
        };
    };
};

export type TwofaSetupResponse = TwofaSetupResponses[keyof TwofaSetupResponses];

export type TwofaEnableData = {
    body: {
        /**
         * A code of the authenticator: six digits. Each works once.
         */
        code: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/twofa/enable';
};

export type TwofaEnableErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `twofa.session_required`: A key cannot change the second factor.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'twofa.code_refused' | 'twofa.session_required';
    };
    /**
     * `twofa.setup_required`: There is no set-up to confirm.
     *
     * `twofa.already_enabled`: A second factor is on already.
     */
    409: Problem & {
        code: 'twofa.setup_required' | 'twofa.already_enabled';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     *
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     */
    429: Problem & {
        code: 'rate_limit.exceeded' | 'twofa.too_many_wrong_codes';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type TwofaEnableError = TwofaEnableErrors[keyof TwofaEnableErrors];

export type TwofaEnableResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
            /**
             * Each works once. Shown this once.
             */
            backupCodes: Array<string>;
        };
    };
};

export type TwofaEnableResponse = TwofaEnableResponses[keyof TwofaEnableResponses];

export type TwofaDisableData = {
    body: {
        password?: string;
        /**
         * A code of the authenticator: six digits. Each works once.
         */
        code?: string;
        /**
         * A backup code, such as `3-7K4QX-9M2TR`; case, spaces and dashes do not matter.
         */
        backupCode?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/twofa/disable';
};

export type TwofaDisableErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `auth.wrong_password`: The current password is wrong.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `twofa.proof_required`: This needs the password or a code.
     *
     * `twofa.session_required`: A key cannot change the second factor.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'auth.wrong_password' | 'access.step_up_required' | 'twofa.code_refused' | 'twofa.proof_required' | 'twofa.session_required';
    };
    /**
     * `twofa.not_enabled`: No second factor is on.
     */
    409: Problem & {
        code: 'twofa.not_enabled';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     *
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     */
    429: Problem & {
        code: 'rate_limit.exceeded' | 'twofa.too_many_wrong_codes';
    };
};

export type TwofaDisableError = TwofaDisableErrors[keyof TwofaDisableErrors];

export type TwofaDisableResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type TwofaDisableResponse = TwofaDisableResponses[keyof TwofaDisableResponses];

export type TwofaBackupCodesData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/twofa/backup-codes';
};

export type TwofaBackupCodesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `twofa.not_enabled`: No second factor is on.
     */
    409: Problem & {
        code: 'twofa.not_enabled';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type TwofaBackupCodesError = TwofaBackupCodesErrors[keyof TwofaBackupCodesErrors];

export type TwofaBackupCodesResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            left: number;
        };
    };
};

export type TwofaBackupCodesResponse = TwofaBackupCodesResponses[keyof TwofaBackupCodesResponses];

export type TwofaRegenerateBackupCodesData = {
    body: {
        password?: string;
        /**
         * A code of the authenticator: six digits. Each works once.
         */
        code?: string;
        /**
         * A backup code, such as `3-7K4QX-9M2TR`; case, spaces and dashes do not matter.
         */
        backupCode?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/twofa/regenerate-backup-codes';
};

export type TwofaRegenerateBackupCodesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `auth.wrong_password`: The current password is wrong.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `twofa.proof_required`: This needs the password or a code.
     *
     * `twofa.session_required`: A key cannot change the second factor.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'auth.wrong_password' | 'twofa.code_refused' | 'twofa.proof_required' | 'twofa.session_required';
    };
    /**
     * `twofa.not_enabled`: No second factor is on.
     */
    409: Problem & {
        code: 'twofa.not_enabled';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     *
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     */
    429: Problem & {
        code: 'rate_limit.exceeded' | 'twofa.too_many_wrong_codes';
    };
};

export type TwofaRegenerateBackupCodesError = TwofaRegenerateBackupCodesErrors[keyof TwofaRegenerateBackupCodesErrors];

export type TwofaRegenerateBackupCodesResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * Each works once. Shown this once.
             */
            backupCodes: Array<string>;
        };
    };
};

export type TwofaRegenerateBackupCodesResponse = TwofaRegenerateBackupCodesResponses[keyof TwofaRegenerateBackupCodesResponses];

export type TwofaDistrustAllDevicesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/twofa/trusted-devices';
};

export type TwofaDistrustAllDevicesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type TwofaDistrustAllDevicesError = TwofaDistrustAllDevicesErrors[keyof TwofaDistrustAllDevicesErrors];

export type TwofaDistrustAllDevicesResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type TwofaDistrustAllDevicesResponse = TwofaDistrustAllDevicesResponses[keyof TwofaDistrustAllDevicesResponses];

export type TwofaListTrustedDevicesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/twofa/trusted-devices';
};

export type TwofaListTrustedDevicesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type TwofaListTrustedDevicesError = TwofaListTrustedDevicesErrors[keyof TwofaListTrustedDevicesErrors];

export type TwofaListTrustedDevicesResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            userAgent: string | null;
            createdAt: string;
            lastUsedAt: string;
            expiresAt: string;
        }>;
    };
};

export type TwofaListTrustedDevicesResponse = TwofaListTrustedDevicesResponses[keyof TwofaListTrustedDevicesResponses];

export type TwofaDistrustDeviceData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/twofa/trusted-devices/{id}';
};

export type TwofaDistrustDeviceErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `twofa.trusted_device_not_found`: There is no such trusted device.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'twofa.trusted_device_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type TwofaDistrustDeviceError = TwofaDistrustDeviceErrors[keyof TwofaDistrustDeviceErrors];

export type TwofaDistrustDeviceResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type TwofaDistrustDeviceResponse = TwofaDistrustDeviceResponses[keyof TwofaDistrustDeviceResponses];

export type OidcListProvidersData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/oidc/providers';
};

export type OidcListProvidersErrors = {
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type OidcListProvidersError = OidcListProvidersErrors[keyof OidcListProvidersErrors];

export type OidcListProvidersResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            /**
             * For `POST /oidc/{id}/start`.
             */
            id: string;
            /**
             * For the button.
             */
            name: string;
        }>;
    };
};

export type OidcListProvidersResponse = OidcListProvidersResponses[keyof OidcListProvidersResponses];

export type OidcStartData = {
    body: {
        /**
         * Where the browser is sent in the end, on success and on error: a path, or an address of an origin in CORS_ORIGINS. Without it, FRONTEND_URL.
         */
        redirectTo?: string;
        /**
         * A browser session in a cookie, or tokens.
         */
        mode?: 'cookie' | 'token';
        /**
         * In `token` mode: SHA-256 of a verifier of yours, base64url (RFC 7636).
         */
        codeChallenge?: string;
    };
    path: {
        provider: string;
    };
    query?: never;
    url: '/api/v1/oidc/{provider}/start';
};

export type OidcStartErrors = {
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `oidc.provider_not_found`: There is no such identity provider.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'oidc.provider_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `oidc.redirect_not_allowed`: This is not an address that sign-in may lead to.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'oidc.redirect_not_allowed';
    };
    /**
     * `oidc.provider_unavailable`: The identity provider does not answer.
     *
     * `oidc.provider_refused`: The identity provider’s answer proves nothing.
     */
    424: Problem & {
        code: 'oidc.provider_unavailable' | 'oidc.provider_refused';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type OidcStartError = OidcStartErrors[keyof OidcStartErrors];

export type OidcStartResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * Send the browser there.
             */
            authorizationUrl: string;
        };
    };
};

export type OidcStartResponse = OidcStartResponses[keyof OidcStartResponses];

export type OidcCallbackData = {
    body?: never;
    path: {
        provider: string;
    };
    query?: never;
    url: '/api/v1/oidc/{provider}/callback';
};

export type OidcCallbackErrors = {
    /**
     * `http.route_not_found`: There is nothing at this address.
     */
    404: Problem & {
        code: 'http.route_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type OidcCallbackError = OidcCallbackErrors[keyof OidcCallbackErrors];

export type OidcExchangeData = {
    body: {
        code: string;
        codeVerifier: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/oidc/exchange';
};

export type OidcExchangeErrors = {
    /**
     * `oidc.invalid_code`: This code is not valid any more.
     *
     * `auth.invalid_credentials`: The sign-in name or the password is wrong.
     */
    401: Problem & {
        code: 'oidc.invalid_code' | 'auth.invalid_credentials';
    };
    /**
     * `oidc.identity_removed`: This identity was taken off its account.
     */
    403: Problem & {
        code: 'oidc.identity_removed';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type OidcExchangeError = OidcExchangeErrors[keyof OidcExchangeErrors];

export type OidcExchangeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
};

export type OidcExchangeResponse = OidcExchangeResponses[keyof OidcExchangeResponses];

export type OidcListIdentitiesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/oidc/identities';
};

export type OidcListIdentitiesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type OidcListIdentitiesError = OidcListIdentitiesErrors[keyof OidcListIdentitiesErrors];

export type OidcListIdentitiesResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            provider: string | null;
            issuer: string;
            email: string | null;
            createdAt: string;
            lastUsedAt: string;
        }>;
    };
};

export type OidcListIdentitiesResponse = OidcListIdentitiesResponses[keyof OidcListIdentitiesResponses];

export type OidcListIdentitiesOfData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/identities';
};

export type OidcListIdentitiesOfErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type OidcListIdentitiesOfError = OidcListIdentitiesOfErrors[keyof OidcListIdentitiesOfErrors];

export type OidcListIdentitiesOfResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            provider: string | null;
            issuer: string;
            email: string | null;
            createdAt: string;
            lastUsedAt: string;
        }>;
    };
};

export type OidcListIdentitiesOfResponse = OidcListIdentitiesOfResponses[keyof OidcListIdentitiesOfResponses];

export type OidcLinkData = {
    body: {
        /**
         * Where the browser is sent in the end, on success and on error: a path, or an address of an origin in CORS_ORIGINS. Without it, FRONTEND_URL.
         */
        redirectTo?: string;
    };
    path: {
        provider: string;
    };
    query?: never;
    url: '/api/v1/oidc/{provider}/link';
};

export type OidcLinkErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `oidc.provider_not_found`: There is no such identity provider.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'oidc.provider_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `oidc.redirect_not_allowed`: This is not an address that sign-in may lead to.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'oidc.redirect_not_allowed';
    };
    /**
     * `oidc.provider_unavailable`: The identity provider does not answer.
     *
     * `oidc.provider_refused`: The identity provider’s answer proves nothing.
     */
    424: Problem & {
        code: 'oidc.provider_unavailable' | 'oidc.provider_refused';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type OidcLinkError = OidcLinkErrors[keyof OidcLinkErrors];

export type OidcLinkResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * Send the browser there.
             */
            authorizationUrl: string;
        };
    };
};

export type OidcLinkResponse = OidcLinkResponses[keyof OidcLinkResponses];

export type OidcRemoveIdentityData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/oidc/identities/{id}';
};

export type OidcRemoveIdentityErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `oidc.identity_not_found`: There is no such identity.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'oidc.identity_not_found';
    };
    /**
     * `oidc.last_way_in`: This is the only way into your account.
     */
    409: Problem & {
        code: 'oidc.last_way_in';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type OidcRemoveIdentityError = OidcRemoveIdentityErrors[keyof OidcRemoveIdentityErrors];

export type OidcRemoveIdentityResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type OidcRemoveIdentityResponse = OidcRemoveIdentityResponses[keyof OidcRemoveIdentityResponses];

export type PrivacyRequestExportData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/users/me/export';
};

export type PrivacyRequestExportErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     *
     * `privacy.too_many_exports`: You have had enough archives made for today.
     */
    429: Problem & {
        code: 'rate_limit.exceeded' | 'privacy.too_many_exports';
    };
};

export type PrivacyRequestExportError = PrivacyRequestExportErrors[keyof PrivacyRequestExportErrors];

export type PrivacyRequestExportResponses = {
    /**
     * Default Response
     */
    202: {
        data: {
            id: string;
            status: 'pending' | 'ready' | 'failed' | 'expired';
            sizeBytes: number | null;
            createdAt: string;
            readyAt: string | null;
            expiresAt: string;
        };
    };
};

export type PrivacyRequestExportResponse = PrivacyRequestExportResponses[keyof PrivacyRequestExportResponses];

export type PrivacyListExportsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/users/me/exports';
};

export type PrivacyListExportsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PrivacyListExportsError = PrivacyListExportsErrors[keyof PrivacyListExportsErrors];

export type PrivacyListExportsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            status: 'pending' | 'ready' | 'failed' | 'expired';
            sizeBytes: number | null;
            createdAt: string;
            readyAt: string | null;
            expiresAt: string;
        }>;
    };
};

export type PrivacyListExportsResponse = PrivacyListExportsResponses[keyof PrivacyListExportsResponses];

export type PrivacyOpenExportData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/users/me/exports/{id}/download';
};

export type PrivacyOpenExportErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `privacy.export_not_found`: There is no such archive.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'privacy.export_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PrivacyOpenExportError = PrivacyOpenExportErrors[keyof PrivacyOpenExportErrors];

export type PrivacyOpenExportResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            url: string;
            expiresAt: string;
        };
    };
};

export type PrivacyOpenExportResponse = PrivacyOpenExportResponses[keyof PrivacyOpenExportResponses];

export type PrivacyRestoreData = {
    body: {
        token: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/users/restore';
};

export type PrivacyRestoreErrors = {
    /**
     * `privacy.invalid_restore_link`: This link is not valid any more.
     */
    400: Problem & {
        code: 'privacy.invalid_restore_link';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PrivacyRestoreError = PrivacyRestoreErrors[keyof PrivacyRestoreErrors];

export type PrivacyRestoreResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'restored';
        };
    };
};

export type PrivacyRestoreResponse = PrivacyRestoreResponses[keyof PrivacyRestoreResponses];

export type AccessListRolesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/roles';
};

export type AccessListRolesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AccessListRolesError = AccessListRolesErrors[keyof AccessListRolesErrors];

export type AccessListRolesResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            /**
             * 2 to 40 small letters, digits and underscores; it never changes.
             */
            name: string;
            description: string;
            rules: Array<{
                permission: string;
                /**
                 * Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.
                 */
                when?: {
                    [key: string]: string | boolean | {
                        $eq?: string | boolean | Array<string>;
                        $ne?: string | boolean | Array<string>;
                        $in?: string | boolean | Array<string>;
                        $nin?: string | boolean | Array<string>;
                    };
                };
                /**
                 * The only fields that may be read.
                 */
                fields?: Array<string>;
            }>;
            builtIn: boolean;
            /**
             * How many people have it.
             */
            members: number;
            createdAt: string;
            updatedAt: string;
        }>;
    };
};

export type AccessListRolesResponse = AccessListRolesResponses[keyof AccessListRolesResponses];

export type AccessCreateRoleData = {
    body: {
        /**
         * 2 to 40 small letters, digits and underscores; it never changes.
         */
        name: string;
        description?: string;
        rules?: Array<{
            permission: string;
            /**
             * Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.
             */
            when?: {
                [key: string]: string | boolean | {
                    $eq?: string | boolean | Array<string>;
                    $ne?: string | boolean | Array<string>;
                    $in?: string | boolean | Array<string>;
                    $nin?: string | boolean | Array<string>;
                };
            };
            /**
             * The only fields that may be read.
             */
            fields?: Array<string>;
        }>;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/roles';
};

export type AccessCreateRoleErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `access.beyond_own_rights`: You cannot give, or take from, a role what you may not do yourself.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'access.beyond_own_rights';
    };
    /**
     * `access.role_exists`: There is a role of this name.
     */
    409: Problem & {
        code: 'access.role_exists';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `access.invalid_rule`: A rule names a permission, a condition or a field that there is not.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'access.invalid_rule';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AccessCreateRoleError = AccessCreateRoleErrors[keyof AccessCreateRoleErrors];

export type AccessCreateRoleResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            /**
             * 2 to 40 small letters, digits and underscores; it never changes.
             */
            name: string;
            description: string;
            rules: Array<{
                permission: string;
                /**
                 * Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.
                 */
                when?: {
                    [key: string]: string | boolean | {
                        $eq?: string | boolean | Array<string>;
                        $ne?: string | boolean | Array<string>;
                        $in?: string | boolean | Array<string>;
                        $nin?: string | boolean | Array<string>;
                    };
                };
                /**
                 * The only fields that may be read.
                 */
                fields?: Array<string>;
            }>;
            builtIn: boolean;
            /**
             * How many people have it.
             */
            members: number;
            createdAt: string;
            updatedAt: string;
        };
    };
};

export type AccessCreateRoleResponse = AccessCreateRoleResponses[keyof AccessCreateRoleResponses];

export type AccessDeleteRoleData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        /**
         * 2 to 40 small letters, digits and underscores; it never changes.
         */
        name: string;
    };
    query?: never;
    url: '/api/v1/roles/{name}';
};

export type AccessDeleteRoleErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `access.beyond_own_rights`: You cannot give, or take from, a role what you may not do yourself.
     *
     * `access.own_role`: You cannot change what you may do yourself.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'access.beyond_own_rights' | 'access.own_role';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `access.role_not_found`: There is no such role.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'access.role_not_found';
    };
    /**
     * `access.role_built_in`: This role comes with the product: super_admin never changes, and the others are never deleted.
     *
     * `access.role_in_use`: Somebody has this role.
     *
     * `access.role_in_settings`: A setting of this installation names this role.
     */
    409: Problem & {
        code: 'access.role_built_in' | 'access.role_in_use' | 'access.role_in_settings';
    };
    /**
     * `http.precondition_failed`: The resource has changed since you read it.
     */
    412: Problem & {
        code: 'http.precondition_failed';
    };
    /**
     * `access.invalid_rule`: A rule names a permission, a condition or a field that there is not.
     */
    422: Problem & {
        code: 'access.invalid_rule';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AccessDeleteRoleError = AccessDeleteRoleErrors[keyof AccessDeleteRoleErrors];

export type AccessDeleteRoleResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AccessDeleteRoleResponse = AccessDeleteRoleResponses[keyof AccessDeleteRoleResponses];

export type AccessGetRoleData = {
    body?: never;
    path: {
        /**
         * 2 to 40 small letters, digits and underscores; it never changes.
         */
        name: string;
    };
    query?: never;
    url: '/api/v1/roles/{name}';
};

export type AccessGetRoleErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `access.role_not_found`: There is no such role.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'access.role_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AccessGetRoleError = AccessGetRoleErrors[keyof AccessGetRoleErrors];

export type AccessGetRoleResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * 2 to 40 small letters, digits and underscores; it never changes.
             */
            name: string;
            description: string;
            rules: Array<{
                permission: string;
                /**
                 * Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.
                 */
                when?: {
                    [key: string]: string | boolean | {
                        $eq?: string | boolean | Array<string>;
                        $ne?: string | boolean | Array<string>;
                        $in?: string | boolean | Array<string>;
                        $nin?: string | boolean | Array<string>;
                    };
                };
                /**
                 * The only fields that may be read.
                 */
                fields?: Array<string>;
            }>;
            builtIn: boolean;
            /**
             * How many people have it.
             */
            members: number;
            createdAt: string;
            updatedAt: string;
        };
    };
};

export type AccessGetRoleResponse = AccessGetRoleResponses[keyof AccessGetRoleResponses];

export type AccessChangeRoleData = {
    body: {
        description?: string;
        rules?: Array<{
            permission: string;
            /**
             * Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.
             */
            when?: {
                [key: string]: string | boolean | {
                    $eq?: string | boolean | Array<string>;
                    $ne?: string | boolean | Array<string>;
                    $in?: string | boolean | Array<string>;
                    $nin?: string | boolean | Array<string>;
                };
            };
            /**
             * The only fields that may be read.
             */
            fields?: Array<string>;
        }>;
    };
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        /**
         * 2 to 40 small letters, digits and underscores; it never changes.
         */
        name: string;
    };
    query?: never;
    url: '/api/v1/roles/{name}';
};

export type AccessChangeRoleErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `access.beyond_own_rights`: You cannot give, or take from, a role what you may not do yourself.
     *
     * `access.own_role`: You cannot change what you may do yourself.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'access.beyond_own_rights' | 'access.own_role';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `access.role_not_found`: There is no such role.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'access.role_not_found';
    };
    /**
     * `access.role_built_in`: This role comes with the product: super_admin never changes, and the others are never deleted.
     */
    409: Problem & {
        code: 'access.role_built_in';
    };
    /**
     * `http.precondition_failed`: The resource has changed since you read it.
     */
    412: Problem & {
        code: 'http.precondition_failed';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `access.invalid_rule`: A rule names a permission, a condition or a field that there is not.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'access.invalid_rule';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AccessChangeRoleError = AccessChangeRoleErrors[keyof AccessChangeRoleErrors];

export type AccessChangeRoleResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * 2 to 40 small letters, digits and underscores; it never changes.
             */
            name: string;
            description: string;
            rules: Array<{
                permission: string;
                /**
                 * Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.
                 */
                when?: {
                    [key: string]: string | boolean | {
                        $eq?: string | boolean | Array<string>;
                        $ne?: string | boolean | Array<string>;
                        $in?: string | boolean | Array<string>;
                        $nin?: string | boolean | Array<string>;
                    };
                };
                /**
                 * The only fields that may be read.
                 */
                fields?: Array<string>;
            }>;
            builtIn: boolean;
            /**
             * How many people have it.
             */
            members: number;
            createdAt: string;
            updatedAt: string;
        };
    };
};

export type AccessChangeRoleResponse = AccessChangeRoleResponses[keyof AccessChangeRoleResponses];

export type AccessListPermissionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/access/permissions';
};

export type AccessListPermissionsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AccessListPermissionsError = AccessListPermissionsErrors[keyof AccessListPermissionsErrors];

export type AccessListPermissionsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            name: string;
            description: string;
            /**
             * What the conditions of a rule may ask of a row, with the kind of each.
             */
            attributes: {
                [key: string]: string;
            };
            /**
             * What a rule may limit reading to.
             */
            fields: Array<string>;
            /**
             * Whether a service token can be made for it.
             */
            forPrograms: boolean;
        }>;
    };
};

export type AccessListPermissionsResponse = AccessListPermissionsResponses[keyof AccessListPermissionsResponses];

export type AccessGetMatrixData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/access/matrix';
};

export type AccessGetMatrixErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AccessGetMatrixError = AccessGetMatrixErrors[keyof AccessGetMatrixErrors];

export type AccessGetMatrixResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            roles: Array<string>;
            permissions: Array<{
                name: string;
                description: string;
                given: Array<{
                    role: string;
                    when?: unknown;
                    fields?: Array<string>;
                }>;
            }>;
            routes: Array<{
                method: string;
                path: string;
                permission: string | null;
                stepUp: boolean;
                roles: Array<string>;
            }>;
        };
    };
};

export type AccessGetMatrixResponse = AccessGetMatrixResponses[keyof AccessGetMatrixResponses];

export type AccessExplainData = {
    body?: never;
    path?: never;
    query: {
        /**
         * You, when missing.
         */
        user?: string;
        permission: string;
        /**
         * A thing, by the room that keeps it and its id: users, payments, refunds, disputes.
         */
        resource?: string;
    };
    url: '/api/v1/access/explain';
};

export type AccessExplainErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     */
    403: Problem & {
        code: 'access.forbidden';
    };
    /**
     * `access.subject_not_found`: There is no such user or thing to explain.
     */
    404: Problem & {
        code: 'access.subject_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `access.unknown_permission`: There is no such permission to explain.
     *
     * `access.unknown_kind`: Things of this kind are not known to explanations.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'access.unknown_permission' | 'access.unknown_kind';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AccessExplainError = AccessExplainErrors[keyof AccessExplainErrors];

export type AccessExplainResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: string;
            permission: string;
            resource: string | null;
            allowed: boolean;
            /**
             * Why: their account may not act; no role of theirs names the permission; it is only about one’s own, and this is somebody else’s; the conditions of the rules that name it are not fulfilled; nobody does it to their own account, or to one that stands as high as theirs; a second factor has to be set up first.
             */
            reason: 'granted' | 'not_active' | 'no_role' | 'not_own' | 'conditions' | 'own_account' | 'account_above' | 'second_factor';
            roles: Array<string>;
            rules: Array<{
                role: string;
                rule: {
                    permission: string;
                    /**
                     * Attributes of a row that must all hold, such as `{"status":"active"}` or `{"teams":{"$in":"$myTeams"}}`. `$me` is the id of who asks.
                     */
                    when?: {
                        [key: string]: string | boolean | {
                            $eq?: string | boolean | Array<string>;
                            $ne?: string | boolean | Array<string>;
                            $in?: string | boolean | Array<string>;
                            $nin?: string | boolean | Array<string>;
                        };
                    };
                    /**
                     * The only fields that may be read.
                     */
                    fields?: Array<string>;
                };
                lets: boolean;
            }>;
        };
    };
};

export type AccessExplainResponse = AccessExplainResponses[keyof AccessExplainResponses];

export type AdminSetupData = {
    body: {
        token: string;
        email: string;
        password: string;
        name?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/setup';
};

export type AdminSetupErrors = {
    /**
     * `admin.email_taken`: There is an account with this e-mail address.
     */
    409: Problem & {
        code: 'admin.email_taken';
    };
    /**
     * `admin.installer_closed`: This installer link does not work any more.
     */
    410: Problem & {
        code: 'admin.installer_closed';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.weak_password`: This password is too weak.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.weak_password';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AdminSetupError = AdminSetupErrors[keyof AdminSetupErrors];

export type AdminSetupResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            id: string;
            email: string;
        };
    };
};

export type AdminSetupResponse = AdminSetupResponses[keyof AdminSetupResponses];

export type MonitoringRoutesData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * How far back to look.
         */
        window?: '5m' | '1h' | '24h';
    };
    url: '/api/v1/admin/monitoring/routes';
};

export type MonitoringRoutesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringRoutesError = MonitoringRoutesErrors[keyof MonitoringRoutesErrors];

export type MonitoringRoutesResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * How far back to look.
             */
            window: '5m' | '1h' | '24h';
            from: string;
            until: string;
            all: {
                count: number;
                /**
                 * Share of answers with 5xx.
                 */
                errorRate: number;
                /**
                 * Share of answers with 4xx.
                 */
                refusalRate: number;
                /**
                 * Milliseconds.
                 */
                avgMs: number;
                /**
                 * Milliseconds.
                 */
                minMs: number;
                /**
                 * Milliseconds.
                 */
                maxMs: number;
                /**
                 * Milliseconds.
                 */
                p50Ms: number;
                /**
                 * Milliseconds.
                 */
                p95Ms: number;
                /**
                 * Milliseconds.
                 */
                p99Ms: number;
            };
            routes: Array<{
                method: string;
                route: string;
                count: number;
                /**
                 * Share of answers with 5xx.
                 */
                errorRate: number;
                /**
                 * Share of answers with 4xx.
                 */
                refusalRate: number;
                /**
                 * Milliseconds.
                 */
                avgMs: number;
                /**
                 * Milliseconds.
                 */
                minMs: number;
                /**
                 * Milliseconds.
                 */
                maxMs: number;
                /**
                 * Milliseconds.
                 */
                p50Ms: number;
                /**
                 * Milliseconds.
                 */
                p95Ms: number;
                /**
                 * Milliseconds.
                 */
                p99Ms: number;
            }>;
        };
    };
};

export type MonitoringRoutesResponse = MonitoringRoutesResponses[keyof MonitoringRoutesResponses];

export type MonitoringSlowRequestsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-at`. A cursor goes on in the order that it came from.
         */
        sort?: 'at' | '-at' | 'durationMs' | '-durationMs';
        route?: string;
        /**
         * Changes nothing: the total is always there.
         *
         * @deprecated
         */
        total?: boolean;
    };
    url: '/api/v1/admin/monitoring/slow-requests';
};

export type MonitoringSlowRequestsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringSlowRequestsError = MonitoringSlowRequestsErrors[keyof MonitoringSlowRequestsErrors];

export type MonitoringSlowRequestsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            /**
             * As in `X-Request-ID`, the log and the recorded facts.
             */
            requestId: string;
            method: string;
            route: string;
            status: number;
            /**
             * Milliseconds.
             */
            durationMs: number;
            userId: string | null;
            at: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type MonitoringSlowRequestsResponse = MonitoringSlowRequestsResponses[keyof MonitoringSlowRequestsResponses];

export type MonitoringSecurityEventsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * How far back to look.
         */
        window?: '5m' | '1h' | '24h';
    };
    url: '/api/v1/admin/monitoring/security-events';
};

export type MonitoringSecurityEventsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringSecurityEventsError = MonitoringSecurityEventsErrors[keyof MonitoringSecurityEventsErrors];

export type MonitoringSecurityEventsResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            types: Array<{
                type: string;
                count: number;
            }>;
            sources: Array<{
                type: string;
                ip: string | null;
                subjectId: string | null;
                count: number;
                lastAt: string;
            }>;
        };
    };
};

export type MonitoringSecurityEventsResponse = MonitoringSecurityEventsResponses[keyof MonitoringSecurityEventsResponses];

export type MonitoringAlertsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        type?: 'failed_sign_in' | 'failed_second_factor' | 'failed_proof' | 'lock_out' | 'reused_refresh_token' | 'cloned_passkey' | 'broken_chain' | 'refused_access' | 'unauthenticated' | 'refused_csrf' | 'rate_limited' | 'impersonation' | 'broken_ledger' | 'troubled_refund' | 'dispute' | 'paid_twice' | 'money_drift' | 'error_rate';
        severity?: 'low' | 'medium' | 'high' | 'critical';
        status?: 'open' | 'acknowledged';
        /**
         * Changes nothing: the total is always there.
         *
         * @deprecated
         */
        total?: boolean;
    };
    url: '/api/v1/admin/monitoring/alerts';
};

export type MonitoringAlertsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringAlertsError = MonitoringAlertsErrors[keyof MonitoringAlertsErrors];

export type MonitoringAlertsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            type: string;
            severity: 'low' | 'medium' | 'high' | 'critical';
            /**
             * What the events have in common; `all`: they came from many sources, none of which reached its threshold.
             */
            by: 'ip' | 'subject' | 'all';
            ip: string | null;
            subjectId: string | null;
            count: number;
            threshold: number;
            windowSeconds: number;
            firstAt: string;
            lastAt: string;
            firstEventId: string | null;
            lastEventId: string | null;
            status: 'open' | 'acknowledged';
            acknowledgedAt: string | null;
            acknowledgedBy: string | null;
            note: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type MonitoringAlertsResponse = MonitoringAlertsResponses[keyof MonitoringAlertsResponses];

export type MonitoringAlertData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/monitoring/alerts/{id}';
};

export type MonitoringAlertErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `monitoring.alert_not_found`: There is no such alert.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'monitoring.alert_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringAlertError = MonitoringAlertErrors[keyof MonitoringAlertErrors];

export type MonitoringAlertResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            type: string;
            severity: 'low' | 'medium' | 'high' | 'critical';
            /**
             * What the events have in common; `all`: they came from many sources, none of which reached its threshold.
             */
            by: 'ip' | 'subject' | 'all';
            ip: string | null;
            subjectId: string | null;
            count: number;
            threshold: number;
            windowSeconds: number;
            firstAt: string;
            lastAt: string;
            firstEventId: string | null;
            lastEventId: string | null;
            status: 'open' | 'acknowledged';
            acknowledgedAt: string | null;
            acknowledgedBy: string | null;
            note: string | null;
            createdAt: string;
        };
    };
};

export type MonitoringAlertResponse = MonitoringAlertResponses[keyof MonitoringAlertResponses];

export type MonitoringAcknowledgeData = {
    body: {
        note?: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/monitoring/alerts/{id}/acknowledge';
};

export type MonitoringAcknowledgeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `monitoring.alert_not_found`: There is no such alert.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'monitoring.alert_not_found';
    };
    /**
     * `monitoring.already_acknowledged`: Somebody has acknowledged this alert.
     */
    409: Problem & {
        code: 'monitoring.already_acknowledged';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringAcknowledgeError = MonitoringAcknowledgeErrors[keyof MonitoringAcknowledgeErrors];

export type MonitoringAcknowledgeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            type: string;
            severity: 'low' | 'medium' | 'high' | 'critical';
            /**
             * What the events have in common; `all`: they came from many sources, none of which reached its threshold.
             */
            by: 'ip' | 'subject' | 'all';
            ip: string | null;
            subjectId: string | null;
            count: number;
            threshold: number;
            windowSeconds: number;
            firstAt: string;
            lastAt: string;
            firstEventId: string | null;
            lastEventId: string | null;
            status: 'open' | 'acknowledged';
            acknowledgedAt: string | null;
            acknowledgedBy: string | null;
            note: string | null;
            createdAt: string;
        };
    };
};

export type MonitoringAcknowledgeResponse = MonitoringAcknowledgeResponses[keyof MonitoringAcknowledgeResponses];

export type MonitoringThresholdsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/monitoring/thresholds';
};

export type MonitoringThresholdsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringThresholdsError = MonitoringThresholdsErrors[keyof MonitoringThresholdsErrors];

export type MonitoringThresholdsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            type: 'failed_sign_in' | 'failed_second_factor' | 'failed_proof' | 'lock_out' | 'reused_refresh_token' | 'cloned_passkey' | 'broken_chain' | 'refused_access' | 'unauthenticated' | 'refused_csrf' | 'rate_limited' | 'impersonation' | 'broken_ledger' | 'troubled_refund' | 'dispute' | 'paid_twice' | 'money_drift' | 'error_rate';
            source: 'default' | 'setting' | 'api';
            isEnabled: boolean;
            /**
             * So many events within the window; of `error_rate`, per cent.
             */
            threshold: number;
            windowSeconds: number;
            /**
             * Of an alert that just reaches the threshold: one more at its double, fivefold, tenfold.
             */
            severity: 'low' | 'medium' | 'high' | 'critical';
            /**
             * An incident is over when nothing belonged to it for so long.
             */
            coolDownSeconds: number;
            totalThreshold: number | null;
            minRequests: number | null;
        }>;
    };
};

export type MonitoringThresholdsResponse = MonitoringThresholdsResponses[keyof MonitoringThresholdsResponses];

export type MonitoringResetThresholdData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        type: string;
    };
    query?: never;
    url: '/api/v1/admin/monitoring/thresholds/{type}';
};

export type MonitoringResetThresholdErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `monitoring.unknown_type`: There is no such type of alert.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'monitoring.unknown_type';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringResetThresholdError = MonitoringResetThresholdErrors[keyof MonitoringResetThresholdErrors];

export type MonitoringResetThresholdResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            type: 'failed_sign_in' | 'failed_second_factor' | 'failed_proof' | 'lock_out' | 'reused_refresh_token' | 'cloned_passkey' | 'broken_chain' | 'refused_access' | 'unauthenticated' | 'refused_csrf' | 'rate_limited' | 'impersonation' | 'broken_ledger' | 'troubled_refund' | 'dispute' | 'paid_twice' | 'money_drift' | 'error_rate';
            source: 'default' | 'setting' | 'api';
            isEnabled: boolean;
            /**
             * So many events within the window; of `error_rate`, per cent.
             */
            threshold: number;
            windowSeconds: number;
            /**
             * Of an alert that just reaches the threshold: one more at its double, fivefold, tenfold.
             */
            severity: 'low' | 'medium' | 'high' | 'critical';
            /**
             * An incident is over when nothing belonged to it for so long.
             */
            coolDownSeconds: number;
            totalThreshold: number | null;
            minRequests: number | null;
        };
    };
};

export type MonitoringResetThresholdResponse = MonitoringResetThresholdResponses[keyof MonitoringResetThresholdResponses];

export type MonitoringThresholdData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        type: string;
    };
    query?: never;
    url: '/api/v1/admin/monitoring/thresholds/{type}';
};

export type MonitoringThresholdErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `monitoring.unknown_type`: There is no such type of alert.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'monitoring.unknown_type';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringThresholdError = MonitoringThresholdErrors[keyof MonitoringThresholdErrors];

export type MonitoringThresholdResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            type: 'failed_sign_in' | 'failed_second_factor' | 'failed_proof' | 'lock_out' | 'reused_refresh_token' | 'cloned_passkey' | 'broken_chain' | 'refused_access' | 'unauthenticated' | 'refused_csrf' | 'rate_limited' | 'impersonation' | 'broken_ledger' | 'troubled_refund' | 'dispute' | 'paid_twice' | 'money_drift' | 'error_rate';
            source: 'default' | 'setting' | 'api';
            isEnabled: boolean;
            /**
             * So many events within the window; of `error_rate`, per cent.
             */
            threshold: number;
            windowSeconds: number;
            /**
             * Of an alert that just reaches the threshold: one more at its double, fivefold, tenfold.
             */
            severity: 'low' | 'medium' | 'high' | 'critical';
            /**
             * An incident is over when nothing belonged to it for so long.
             */
            coolDownSeconds: number;
            totalThreshold: number | null;
            minRequests: number | null;
        };
    };
};

export type MonitoringThresholdResponse = MonitoringThresholdResponses[keyof MonitoringThresholdResponses];

export type MonitoringSetThresholdData = {
    body: {
        isEnabled: boolean;
        /**
         * So many events within the window; of `error_rate`, per cent.
         */
        threshold: number;
        windowSeconds: number;
        /**
         * Of an alert that just reaches the threshold: one more at its double, fivefold, tenfold.
         */
        severity: 'low' | 'medium' | 'high' | 'critical';
        /**
         * An incident is over when nothing belonged to it for so long.
         */
        coolDownSeconds: number;
        totalThreshold?: number | null;
        minRequests?: number | null;
    };
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        type: string;
    };
    query?: never;
    url: '/api/v1/admin/monitoring/thresholds/{type}';
};

export type MonitoringSetThresholdErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `monitoring.unknown_type`: There is no such type of alert.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'monitoring.unknown_type';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `monitoring.requests_not_counted`: Only the error rate has a least number of requests.
     *
     * `monitoring.share_above_all`: An error rate is a percentage, from 1 to 100.
     *
     * `monitoring.share_is_of_all`: An error rate is that of all requests together: it has no second threshold.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'monitoring.requests_not_counted' | 'monitoring.share_above_all' | 'monitoring.share_is_of_all';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MonitoringSetThresholdError = MonitoringSetThresholdErrors[keyof MonitoringSetThresholdErrors];

export type MonitoringSetThresholdResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            type: 'failed_sign_in' | 'failed_second_factor' | 'failed_proof' | 'lock_out' | 'reused_refresh_token' | 'cloned_passkey' | 'broken_chain' | 'refused_access' | 'unauthenticated' | 'refused_csrf' | 'rate_limited' | 'impersonation' | 'broken_ledger' | 'troubled_refund' | 'dispute' | 'paid_twice' | 'money_drift' | 'error_rate';
            source: 'default' | 'setting' | 'api';
            isEnabled: boolean;
            /**
             * So many events within the window; of `error_rate`, per cent.
             */
            threshold: number;
            windowSeconds: number;
            /**
             * Of an alert that just reaches the threshold: one more at its double, fivefold, tenfold.
             */
            severity: 'low' | 'medium' | 'high' | 'critical';
            /**
             * An incident is over when nothing belonged to it for so long.
             */
            coolDownSeconds: number;
            totalThreshold: number | null;
            minRequests: number | null;
        };
    };
};

export type MonitoringSetThresholdResponse = MonitoringSetThresholdResponses[keyof MonitoringSetThresholdResponses];

export type AuditListData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-at`. A cursor goes on in the order that it came from.
         */
        sort?: 'at' | '-at';
        /**
         * Such as `auth.signed_in`.
         */
        action?: string;
        /**
         * The first word of the action.
         */
        room?: string;
        status?: 'succeeded' | 'refused' | 'failed';
        actorUserId?: string;
        actor_user_id?: string;
        targetUserId?: string;
        target_user_id?: string;
        /**
         * The id of whatever it was done to: a user, a key, an invitation.
         */
        subject?: string;
        onBehalfOf?: string;
        requestId?: string;
        request_id?: string;
        from?: string;
        to?: string;
    };
    url: '/api/v1/admin/audit-logs';
};

export type AuditListErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `audit.contradicting_filters`: Two spellings of one filter have different values.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'audit.contradicting_filters';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AuditListError = AuditListErrors[keyof AuditListErrors];

export type AuditListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            at: string;
            action: string;
            status: 'succeeded' | 'refused' | 'failed';
            actor: {
                kind: 'anonymous' | 'user' | 'service' | 'system';
                id: string | null;
            };
            onBehalfOf: string | null;
            subjectId: string | null;
            data: {
                [key: string]: unknown;
            };
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
            ip: string | null;
            requestId: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type AuditListResponse = AuditListResponses[keyof AuditListResponses];

export type AuditGetVerificationData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/audit-logs/verification';
};

export type AuditGetVerificationErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AuditGetVerificationError = AuditGetVerificationErrors[keyof AuditGetVerificationErrors];

export type AuditGetVerificationResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            at: string;
            isGood: boolean;
            first: string;
            last: string;
            checked: number;
            heads: number;
            problem: {
                kind: string;
                number: string | null;
                eventId: string | null;
                message: string;
            } | null;
            newestHead: {
                number: string;
                at: string;
                kid: string;
            } | null;
            unsealed: {
                count: number;
                oldestAt: string | null;
            };
        } | null;
    };
};

export type AuditGetVerificationResponse = AuditGetVerificationResponses[keyof AuditGetVerificationResponses];

export type AuditGetData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/audit-logs/{id}';
};

export type AuditGetErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `audit.fact_not_found`: There is no such entry in the audit log.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'audit.fact_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AuditGetError = AuditGetErrors[keyof AuditGetErrors];

export type AuditGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            at: string;
            action: string;
            status: 'succeeded' | 'refused' | 'failed';
            actor: {
                kind: 'anonymous' | 'user' | 'service' | 'system';
                id: string | null;
            };
            onBehalfOf: string | null;
            subjectId: string | null;
            data: {
                [key: string]: unknown;
            };
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
            ip: string | null;
            requestId: string;
        };
    };
};

export type AuditGetResponse = AuditGetResponses[keyof AuditGetResponses];

export type AuditListOwnData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/api/v1/users/me/activity';
};

export type AuditListOwnErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuditListOwnError = AuditListOwnErrors[keyof AuditListOwnErrors];

export type AuditListOwnResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            at: string;
            action: string;
            status: 'succeeded' | 'refused' | 'failed';
            actor: {
                kind: 'anonymous' | 'user' | 'service' | 'system';
                /**
                 * Nobody else is told by name.
                 */
                isYou: boolean;
            };
            /**
             * Somebody else acted in your name.
             */
            onYourBehalf: boolean;
            subjectId: string | null;
            data: {
                [key: string]: unknown;
            };
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
            ip: string | null;
            requestId: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type AuditListOwnResponse = AuditListOwnResponses[keyof AuditListOwnResponses];

export type AuditGetOwnData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/users/me/activity/{id}';
};

export type AuditGetOwnErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `audit.fact_not_found`: There is no such entry in the audit log.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'audit.fact_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type AuditGetOwnError = AuditGetOwnErrors[keyof AuditGetOwnErrors];

export type AuditGetOwnResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            at: string;
            action: string;
            status: 'succeeded' | 'refused' | 'failed';
            actor: {
                kind: 'anonymous' | 'user' | 'service' | 'system';
                /**
                 * Nobody else is told by name.
                 */
                isYou: boolean;
            };
            /**
             * Somebody else acted in your name.
             */
            onYourBehalf: boolean;
            subjectId: string | null;
            data: {
                [key: string]: unknown;
            };
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
            ip: string | null;
            requestId: string;
        };
    };
};

export type AuditGetOwnResponse = AuditGetOwnResponses[keyof AuditGetOwnResponses];

export type AuditExportData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query: {
        format: 'csv' | 'ndjson';
        /**
         * Such as `auth.signed_in`.
         */
        action?: string;
        /**
         * The first word of the action.
         */
        room?: string;
        status?: 'succeeded' | 'refused' | 'failed';
        actorUserId?: string;
        actor_user_id?: string;
        targetUserId?: string;
        target_user_id?: string;
        /**
         * The id of whatever it was done to: a user, a key, an invitation.
         */
        subject?: string;
        onBehalfOf?: string;
        requestId?: string;
        request_id?: string;
        from?: string;
        to?: string;
    };
    url: '/api/v1/admin/audit-logs/export';
};

export type AuditExportErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `audit.contradicting_filters`: Two spellings of one filter have different values.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'audit.contradicting_filters';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AuditExportError = AuditExportErrors[keyof AuditExportErrors];

export type AuditExportResponses = {
    /**
     * Lines of CSV with a header, or of JSON.
     */
    200: string;
};

export type AuditExportResponse = AuditExportResponses[keyof AuditExportResponses];

export type AuditTraceData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/trace/{id}';
};

export type AuditTraceErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `audit.nothing_found`: Nothing is known under this id.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'audit.nothing_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AuditTraceError = AuditTraceErrors[keyof AuditTraceErrors];

export type AuditTraceResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            kind: 'request' | 'user' | 'job' | 'entry' | 'payment' | 'event' | 'invitation' | 'other';
            id: string;
            isComplete: boolean;
            steps: Array<{
                kind: 'fact' | 'mail' | 'job' | 'attempt' | 'event' | 'request';
                at: string;
                fact: {
                    id: string;
                    at: string;
                    action: string;
                    status: 'succeeded' | 'refused' | 'failed';
                    actor: {
                        kind: 'anonymous' | 'user' | 'service' | 'system';
                        id: string | null;
                    };
                    onBehalfOf: string | null;
                    subjectId: string | null;
                    data: {
                        [key: string]: unknown;
                    };
                    before: {
                        [key: string]: unknown;
                    } | null;
                    after: {
                        [key: string]: unknown;
                    } | null;
                    ip: string | null;
                    requestId: string;
                } | null;
                job: {
                    id: string;
                    name: string;
                    queue: string | null;
                    state: 'outbox' | 'waiting' | 'active' | 'delayed' | 'failed' | 'completed';
                    attempts: number;
                    maxAttempts: number | null;
                    error: string | null;
                    requestId: string;
                    runAt: string;
                    finishedAt: string | null;
                } | null;
                moment: {
                    /**
                     * How an attempt stands, what an event is called, or which route was slow.
                     */
                    name: string;
                    ref: string | null;
                    data: {
                        [key: string]: unknown;
                    };
                } | null;
            }>;
        };
    };
};

export type AuditTraceResponse = AuditTraceResponses[keyof AuditTraceResponses];

export type JobsQueuesData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/jobs/queues';
};

export type JobsQueuesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `jobs.store_unavailable`: The queue cannot be reached right now.
     */
    503: Problem & {
        code: 'jobs.store_unavailable';
    };
};

export type JobsQueuesError = JobsQueuesErrors[keyof JobsQueuesErrors];

export type JobsQueuesResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            queues: Array<{
                name: string;
                waiting: number;
                active: number;
                delayed: number;
                /**
                 * Dead letters.
                 */
                failed: number;
                /**
                 * In the last hour.
                 */
                completed: number;
                oldestWaitingSeconds: number;
                /**
                 * How many of them one process runs at a time.
                 */
                concurrency: number;
            }>;
            /**
             * Committed, and not in a queue yet.
             */
            outbox: {
                waiting: number;
                oldestSeconds: number;
            };
        };
    };
};

export type JobsQueuesResponse = JobsQueuesResponses[keyof JobsQueuesResponses];

export type JobsListData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * `outbox`: committed and not in the queue yet; `delayed`: for later, or before another try; `failed`: a dead letter.
         */
        state?: 'outbox' | 'waiting' | 'active' | 'delayed' | 'failed' | 'completed';
        queue?: string;
        name?: string;
    };
    url: '/api/v1/admin/jobs';
};

export type JobsListErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `jobs.store_unavailable`: The queue cannot be reached right now.
     */
    503: Problem & {
        code: 'jobs.store_unavailable';
    };
};

export type JobsListError = JobsListErrors[keyof JobsListErrors];

export type JobsListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            name: string;
            queue: string | null;
            /**
             * `outbox`: committed and not in the queue yet; `delayed`: for later, or before another try; `failed`: a dead letter.
             */
            state: 'outbox' | 'waiting' | 'active' | 'delayed' | 'failed' | 'completed';
            attempts: number;
            maxAttempts: number | null;
            error: string | null;
            wantedBy: {
                kind: 'anonymous' | 'user' | 'service' | 'system';
                id: string | null;
                onBehalfOf: string | null;
                /**
                 * For the trace: `GET /admin/trace/:id`.
                 */
                requestId: string;
            };
            createdAt: string;
            runAt: string;
            startedAt: string | null;
            finishedAt: string | null;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type JobsListResponse = JobsListResponses[keyof JobsListResponses];

export type JobsGetData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/jobs/{id}';
};

export type JobsGetErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `jobs.not_found`: There is no such job.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'jobs.not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `jobs.store_unavailable`: The queue cannot be reached right now.
     */
    503: Problem & {
        code: 'jobs.store_unavailable';
    };
};

export type JobsGetError = JobsGetErrors[keyof JobsGetErrors];

export type JobsGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            name: string;
            queue: string | null;
            /**
             * `outbox`: committed and not in the queue yet; `delayed`: for later, or before another try; `failed`: a dead letter.
             */
            state: 'outbox' | 'waiting' | 'active' | 'delayed' | 'failed' | 'completed';
            attempts: number;
            maxAttempts: number | null;
            error: string | null;
            wantedBy: {
                kind: 'anonymous' | 'user' | 'service' | 'system';
                id: string | null;
                onBehalfOf: string | null;
                /**
                 * For the trace: `GET /admin/trace/:id`.
                 */
                requestId: string;
            };
            createdAt: string;
            runAt: string;
            startedAt: string | null;
            finishedAt: string | null;
            /**
             * What is secret in it is masked.
             */
            payload: unknown;
        };
    };
};

export type JobsGetResponse = JobsGetResponses[keyof JobsGetResponses];

export type JobsRetryData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/jobs/{id}/retry';
};

export type JobsRetryErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `jobs.not_found`: There is no such job.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'jobs.not_found';
    };
    /**
     * `jobs.not_a_dead_letter`: Only a job that has finally failed can be started again.
     */
    409: Problem & {
        code: 'jobs.not_a_dead_letter';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `jobs.store_unavailable`: The queue cannot be reached right now.
     */
    503: Problem & {
        code: 'jobs.store_unavailable';
    };
};

export type JobsRetryError = JobsRetryErrors[keyof JobsRetryErrors];

export type JobsRetryResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type JobsRetryResponse = JobsRetryResponses[keyof JobsRetryResponses];

export type JobsRetryAllData = {
    body: {
        name: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/jobs/retry';
};

export type JobsRetryAllErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `jobs.store_unavailable`: The queue cannot be reached right now.
     */
    503: Problem & {
        code: 'jobs.store_unavailable';
    };
};

export type JobsRetryAllError = JobsRetryAllErrors[keyof JobsRetryAllErrors];

export type JobsRetryAllResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            retried: number;
            /**
             * Ask again for these.
             */
            left: number;
        };
    };
};

export type JobsRetryAllResponse = JobsRetryAllResponses[keyof JobsRetryAllResponses];

export type JobsDiscardData = {
    body: {
        /**
         * Kept in the audit log.
         */
        reason: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/jobs/{id}/discard';
};

export type JobsDiscardErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `jobs.not_found`: There is no such job.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'jobs.not_found';
    };
    /**
     * `jobs.not_a_dead_letter`: Only a job that has finally failed can be started again.
     */
    409: Problem & {
        code: 'jobs.not_a_dead_letter';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `jobs.store_unavailable`: The queue cannot be reached right now.
     */
    503: Problem & {
        code: 'jobs.store_unavailable';
    };
};

export type JobsDiscardError = JobsDiscardErrors[keyof JobsDiscardErrors];

export type JobsDiscardResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type JobsDiscardResponse = JobsDiscardResponses[keyof JobsDiscardResponses];

export type JobsSchedulesData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/jobs/schedules';
};

export type JobsSchedulesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `jobs.store_unavailable`: The queue cannot be reached right now.
     */
    503: Problem & {
        code: 'jobs.store_unavailable';
    };
};

export type JobsSchedulesError = JobsSchedulesErrors[keyof JobsSchedulesErrors];

export type JobsSchedulesResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            name: string;
            /**
             * Minute, hour, day of month, month, day of week; in UTC.
             */
            cron: string;
            nextAt: string;
            lastAt: string | null;
            lastOutcome: 'done' | 'failed' | 'discarded' | 'running' | 'waiting' | null;
            lastError: string | null;
            lastJobId: string | null;
        }>;
    };
};

export type JobsSchedulesResponse = JobsSchedulesResponses[keyof JobsSchedulesResponses];

export type JobsRunNowData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        name: string;
    };
    query?: never;
    url: '/api/v1/admin/jobs/schedules/{name}/run';
};

export type JobsRunNowErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `jobs.schedule_not_found`: The clock starts no job of this name.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'jobs.schedule_not_found';
    };
    /**
     * `jobs.waits_already`: One of these waits already, and runs next.
     */
    409: Problem & {
        code: 'jobs.waits_already';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type JobsRunNowError = JobsRunNowErrors[keyof JobsRunNowErrors];

export type JobsRunNowResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type JobsRunNowResponse = JobsRunNowResponses[keyof JobsRunNowResponses];

export type MailListData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        state?: 'sent' | 'captured' | 'refused';
        userId?: string;
    };
    url: '/api/v1/admin/mails';
};

export type MailListErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MailListError = MailListErrors[keyof MailListErrors];

export type MailListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            /**
             * `captured`: kept here instead of sent, as in development.
             */
            state: 'sent' | 'captured' | 'refused';
            userId: string | null;
            to: string | null;
            template: string | null;
            locale: string | null;
            subject: string | null;
            answer: string | null;
            requestId: string;
            at: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type MailListResponse = MailListResponses[keyof MailListResponses];

export type MailGetData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/mails/{id}';
};

export type MailGetErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `mail.not_found`: There is no such mail.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'mail.not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MailGetError = MailGetErrors[keyof MailGetErrors];

export type MailGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            /**
             * `captured`: kept here instead of sent, as in development.
             */
            state: 'sent' | 'captured' | 'refused';
            userId: string | null;
            to: string | null;
            template: string | null;
            locale: string | null;
            subject: string | null;
            answer: string | null;
            requestId: string;
            at: string;
            text: string | null;
            html: string | null;
        };
    };
};

export type MailGetResponse = MailGetResponses[keyof MailGetResponses];

export type MailPageData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/mails/{id}/page';
};

export type MailPageErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `mail.not_found`: There is no such mail.
     *
     * `mail.not_kept`: What this mail says was not kept.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'mail.not_found' | 'mail.not_kept';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MailPageError = MailPageErrors[keyof MailPageErrors];

export type MailPageResponses = {
    /**
     * The mail’s own HTML.
     */
    200: string;
};

export type MailPageResponse = MailPageResponses[keyof MailPageResponses];

export type MailSendTestData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/mails/test';
};

export type MailSendTestErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type MailSendTestError = MailSendTestErrors[keyof MailSendTestErrors];

export type MailSendTestResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            to: string;
            driver: string;
            /**
             * Or captured, where mail is.
             */
            isSent: boolean;
            answer: string | null;
        };
    };
};

export type MailSendTestResponse = MailSendTestResponses[keyof MailSendTestResponses];

export type OperationsOverviewData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * How far back to look; an hour unless given.
         */
        window?: '1h' | '24h' | '7d';
    };
    url: '/api/v1/admin/overview';
};

export type OperationsOverviewErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type OperationsOverviewError = OperationsOverviewErrors[keyof OperationsOverviewErrors];

export type OperationsOverviewResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            window: '1h' | '24h' | '7d';
            from: string;
            until: string;
            /**
             * How long each while is.
             */
            seconds: number;
            traffic?: Array<{
                at: string;
                count: number;
                /**
                 * Answers with 5xx.
                 */
                errors: number;
                p50Ms: number | null;
                p95Ms: number | null;
                p99Ms: number | null;
            }>;
            people?: Array<{
                at: string;
                signIns: number;
                failedSignIns: number;
                /**
                 * Refused by a rate limit before anybody looked at them: not among the failed ones.
                 */
                stoppedSignIns: number;
                registrations: number;
            }>;
            /**
             * Only whiles in which there was any.
             */
            revenue?: Array<{
                at: string;
                currency: string;
                /**
                 * In the currency’s smallest unit.
                 */
                captured: string;
                /**
                 * In the currency’s smallest unit.
                 */
                refunded: string;
                /**
                 * In the currency’s smallest unit.
                 */
                net: string;
            }>;
            jobs?: {
                outbox: number;
                waiting: number;
                active: number;
                delayed: number;
                /**
                 * Dead letters.
                 */
                failed: number;
            };
            /**
             * Not acknowledged.
             */
            alerts?: Array<{
                severity: string;
                count: number;
            }>;
            drifts?: {
                open: number;
                /**
                 * No money is released until it is cleared up.
                 */
                isBlocked: boolean;
            };
            inbox?: {
                due: number;
                /**
                 * Given up.
                 */
                dead: number;
            };
            disputes?: {
                needEvidence: number;
                firstDueAt: string | null;
            };
        };
    };
};

export type OperationsOverviewResponse = OperationsOverviewResponses[keyof OperationsOverviewResponses];

export type OperationsSettingsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/settings';
};

export type OperationsSettingsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type OperationsSettingsError = OperationsSettingsErrors[keyof OperationsSettingsErrors];

export type OperationsSettingsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            group: string;
            name: string;
            /**
             * Secrets, and those inside of addresses, are masked.
             */
            value: string;
            isSet: boolean;
            isSecret: boolean;
            /**
             * In words; empty when there is none.
             */
            default: string;
            doc: string;
        }>;
    };
};

export type OperationsSettingsResponse = OperationsSettingsResponses[keyof OperationsSettingsResponses];

export type OperationsChecklistData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/checklist';
};

export type OperationsChecklistErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type OperationsChecklistError = OperationsChecklistErrors[keyof OperationsChecklistErrors];

export type OperationsChecklistResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            part: 'mail' | 'storage' | 'payments' | 'signing_key' | 'alerts';
            /**
             * `off`: not set up, and nothing is wrong with that.
             */
            state: 'ok' | 'attention' | 'failed' | 'off';
            /**
             * What was found, for programs; its values beside it.
             */
            finding: 'mail_captured' | 'mail_answers' | 'mail_unwell' | 'mail_sent' | 'mail_refused' | 'storage_answers' | 'storage_unwell' | 'storage_works' | 'storage_keeps' | 'payments_off' | 'payments_unheard' | 'payments_set_up' | 'payments_work' | 'key_missing' | 'key_there' | 'key_works' | 'key_broken' | 'alerts_unread' | 'alerts_addressed' | 'alerts_sent' | 'test_failed';
            /**
             * What the words hold. `said` is what the other side answered.
             */
            values: {
                [key: string]: string;
            };
            /**
             * What was found.
             */
            detail: string;
            remedy: string | null;
        }>;
    };
};

export type OperationsChecklistResponse = OperationsChecklistResponses[keyof OperationsChecklistResponses];

export type OperationsTestPartData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        part: 'mail' | 'storage' | 'payments' | 'signing_key' | 'alerts';
    };
    query?: never;
    url: '/api/v1/admin/checklist/{part}/test';
};

export type OperationsTestPartErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     */
    404: Problem & {
        code: 'http.route_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type OperationsTestPartError = OperationsTestPartErrors[keyof OperationsTestPartErrors];

export type OperationsTestPartResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            part: 'mail' | 'storage' | 'payments' | 'signing_key' | 'alerts';
            /**
             * `off`: not set up, and nothing is wrong with that.
             */
            state: 'ok' | 'attention' | 'failed' | 'off';
            /**
             * What was found, for programs; its values beside it.
             */
            finding: 'mail_captured' | 'mail_answers' | 'mail_unwell' | 'mail_sent' | 'mail_refused' | 'storage_answers' | 'storage_unwell' | 'storage_works' | 'storage_keeps' | 'payments_off' | 'payments_unheard' | 'payments_set_up' | 'payments_work' | 'key_missing' | 'key_there' | 'key_works' | 'key_broken' | 'alerts_unread' | 'alerts_addressed' | 'alerts_sent' | 'test_failed';
            /**
             * What the words hold. `said` is what the other side answered.
             */
            values: {
                [key: string]: string;
            };
            /**
             * What was found.
             */
            detail: string;
            remedy: string | null;
        };
    };
};

export type OperationsTestPartResponse = OperationsTestPartResponses[keyof OperationsTestPartResponses];

export type LedgerListAccountsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        kind?: string;
        ownerId?: string;
        /**
         * ISO 4217, or `CRD` for credits.
         */
        currency?: 'AED' | 'AFN' | 'ALL' | 'AMD' | 'AOA' | 'ARS' | 'AUD' | 'AWG' | 'AZN' | 'BAM' | 'BBD' | 'BDT' | 'BHD' | 'BIF' | 'BMD' | 'BND' | 'BOB' | 'BRL' | 'BSD' | 'BTN' | 'BWP' | 'BYN' | 'BZD' | 'CAD' | 'CDF' | 'CHF' | 'CLP' | 'CNY' | 'COP' | 'CRC' | 'CRD' | 'CUP' | 'CVE' | 'CZK' | 'DJF' | 'DKK' | 'DOP' | 'DZD' | 'EGP' | 'ERN' | 'ETB' | 'EUR' | 'FJD' | 'FKP' | 'GBP' | 'GEL' | 'GHS' | 'GIP' | 'GMD' | 'GNF' | 'GTQ' | 'GYD' | 'HKD' | 'HNL' | 'HTG' | 'HUF' | 'IDR' | 'ILS' | 'INR' | 'IQD' | 'IRR' | 'ISK' | 'JMD' | 'JOD' | 'JPY' | 'KES' | 'KGS' | 'KHR' | 'KMF' | 'KPW' | 'KRW' | 'KWD' | 'KYD' | 'KZT' | 'LAK' | 'LBP' | 'LKR' | 'LRD' | 'LSL' | 'LYD' | 'MAD' | 'MDL' | 'MGA' | 'MKD' | 'MMK' | 'MNT' | 'MOP' | 'MRU' | 'MUR' | 'MVR' | 'MWK' | 'MXN' | 'MYR' | 'MZN' | 'NAD' | 'NGN' | 'NIO' | 'NOK' | 'NPR' | 'NZD' | 'OMR' | 'PAB' | 'PEN' | 'PGK' | 'PHP' | 'PKR' | 'PLN' | 'PYG' | 'QAR' | 'RON' | 'RSD' | 'RUB' | 'RWF' | 'SAR' | 'SBD' | 'SCR' | 'SDG' | 'SEK' | 'SGD' | 'SHP' | 'SLE' | 'SOS' | 'SRD' | 'SSP' | 'STN' | 'SVC' | 'SYP' | 'SZL' | 'THB' | 'TJS' | 'TMT' | 'TND' | 'TOP' | 'TRY' | 'TTD' | 'TWD' | 'TZS' | 'UAH' | 'UGX' | 'USD' | 'UYU' | 'UZS' | 'VED' | 'VES' | 'VND' | 'VUV' | 'WST' | 'XAF' | 'XCD' | 'XCG' | 'XOF' | 'XPF' | 'YER' | 'ZAR' | 'ZMW' | 'ZWG';
    };
    url: '/api/v1/ledger/accounts';
};

export type LedgerListAccountsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type LedgerListAccountsError = LedgerListAccountsErrors[keyof LedgerListAccountsErrors];

export type LedgerListAccountsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            /**
             * Such as `escrow`; docs/money.md has the chart of accounts.
             */
            kind: string;
            /**
             * An order, a provider, a user; `platform` for those of the house.
             */
            ownerId: string;
            /**
             * ISO 4217, or `CRD` for credits.
             */
            currency: string;
            /**
             * The side on which it grows.
             */
            normal: 'debit' | 'credit';
            debits: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            credits: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            balance: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            held: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            available: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            } | null;
            /**
             * True: it has no floor, and nothing is held of it.
             */
            isUnbounded: boolean;
            closedAt: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type LedgerListAccountsResponse = LedgerListAccountsResponses[keyof LedgerListAccountsResponses];

export type LedgerGetAccountData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        /**
         * The balance of that time: of all that had taken effect by then.
         */
        at?: string;
    };
    url: '/api/v1/ledger/accounts/{id}';
};

export type LedgerGetAccountErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `ledger.account_not_found`: There is no such account.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'ledger.account_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type LedgerGetAccountError = LedgerGetAccountErrors[keyof LedgerGetAccountErrors];

export type LedgerGetAccountResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            /**
             * Such as `escrow`; docs/money.md has the chart of accounts.
             */
            kind: string;
            /**
             * An order, a provider, a user; `platform` for those of the house.
             */
            ownerId: string;
            /**
             * ISO 4217, or `CRD` for credits.
             */
            currency: string;
            /**
             * The side on which it grows.
             */
            normal: 'debit' | 'credit';
            debits: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            credits: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            balance: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            held: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            available: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            } | null;
            /**
             * True: it has no floor, and nothing is held of it.
             */
            isUnbounded: boolean;
            closedAt: string | null;
            createdAt: string;
        };
    };
};

export type LedgerGetAccountResponse = LedgerGetAccountResponses[keyof LedgerGetAccountResponses];

export type LedgerListPostingsData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/api/v1/ledger/accounts/{id}/postings';
};

export type LedgerListPostingsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `ledger.account_not_found`: There is no such account.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'ledger.account_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type LedgerListPostingsError = LedgerListPostingsErrors[keyof LedgerListPostingsErrors];

export type LedgerListPostingsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            /**
             * Grows; not without gaps.
             */
            id: string;
            transactionId: string;
            reason: string;
            side: 'debit' | 'credit';
            otherAccountId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            effectiveAt: string;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type LedgerListPostingsResponse = LedgerListPostingsResponses[keyof LedgerListPostingsResponses];

export type LedgerListTransactionsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        reason?: string;
        refType?: string;
        refId?: string;
        from?: string;
        to?: string;
    };
    url: '/api/v1/ledger/transactions';
};

export type LedgerListTransactionsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type LedgerListTransactionsError = LedgerListTransactionsErrors[keyof LedgerListTransactionsErrors];

export type LedgerListTransactionsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            reason: string;
            idempotencyKey: string;
            ref: {
                type: string;
                id: string;
            } | null;
            reverses: string | null;
            reversedBy: string | null;
            effectiveAt: string;
            createdAt: string;
            postings: Array<{
                debitId: string;
                creditId: string;
                amount: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
            }>;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type LedgerListTransactionsResponse = LedgerListTransactionsResponses[keyof LedgerListTransactionsResponses];

export type LedgerGetTransactionData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/ledger/transactions/{id}';
};

export type LedgerGetTransactionErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `ledger.transaction_not_found`: There is no such transaction.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'ledger.transaction_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type LedgerGetTransactionError = LedgerGetTransactionErrors[keyof LedgerGetTransactionErrors];

export type LedgerGetTransactionResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            reason: string;
            idempotencyKey: string;
            ref: {
                type: string;
                id: string;
            } | null;
            reverses: string | null;
            reversedBy: string | null;
            effectiveAt: string;
            createdAt: string;
            postings: Array<{
                debitId: string;
                creditId: string;
                amount: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
            }>;
        };
    };
};

export type LedgerGetTransactionResponse = LedgerGetTransactionResponses[keyof LedgerGetTransactionResponses];

export type LedgerCheckData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/ledger/check';
};

export type LedgerCheckErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type LedgerCheckError = LedgerCheckErrors[keyof LedgerCheckErrors];

export type LedgerCheckResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            isGood: boolean;
            at: string;
            invariants: Array<{
                id: 'I0' | 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I8';
                description: string;
                isGood: boolean;
                broken: number;
            }>;
            /**
             * The first twenty of each invariant.
             */
            findings: Array<{
                invariant: 'I0' | 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I8';
                subject: string;
                expected: string;
                found: string;
            }>;
            counts: {
                accounts: number;
                postings: number;
            };
        };
    };
};

export type LedgerCheckResponse = LedgerCheckResponses[keyof LedgerCheckResponses];

export type AdminSetUpMfaData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/security/mfa/setup';
};

export type AdminSetUpMfaErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `twofa.session_required`: A key cannot change the second factor.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'twofa.session_required';
    };
    /**
     * `twofa.already_enabled`: A second factor is on already.
     */
    409: Problem & {
        code: 'twofa.already_enabled';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminSetUpMfaError = AdminSetUpMfaErrors[keyof AdminSetUpMfaErrors];

export type AdminSetUpMfaResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * 160 bits in base 32.
             */
            secret: string;
            /**
             * What the QR code says.
             */
            otpauthUrl: string;
            qrSvg: string;
            /**
             * The QR code as a PNG in a data URL.
             */
            qrDataUrl: string;
        };
    };
};

export type AdminSetUpMfaResponse = AdminSetUpMfaResponses[keyof AdminSetUpMfaResponses];

export type AdminVerifyMfaData = {
    body: {
        /**
         * A code of the authenticator: six digits. Each works once.
         */
        code: string;
    };
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/security/mfa/verify';
};

export type AdminVerifyMfaErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `twofa.session_required`: A key cannot change the second factor.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'twofa.session_required';
    };
    /**
     * `twofa.setup_required`: There is no set-up to confirm.
     *
     * `twofa.already_enabled`: A second factor is on already.
     */
    409: Problem & {
        code: 'twofa.setup_required' | 'twofa.already_enabled';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type AdminVerifyMfaError = AdminVerifyMfaErrors[keyof AdminVerifyMfaErrors];

export type AdminVerifyMfaResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
            enabled: true;
            backupCodes: Array<string>;
        };
    };
};

export type AdminVerifyMfaResponse = AdminVerifyMfaResponses[keyof AdminVerifyMfaResponses];

export type AdminTurnOffMfaData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/security/mfa';
};

export type AdminTurnOffMfaErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `twofa.session_required`: A key cannot change the second factor.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'twofa.session_required';
    };
    /**
     * `twofa.not_enabled`: No second factor is on.
     */
    409: Problem & {
        code: 'twofa.not_enabled';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminTurnOffMfaError = AdminTurnOffMfaErrors[keyof AdminTurnOffMfaErrors];

export type AdminTurnOffMfaResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminTurnOffMfaResponse = AdminTurnOffMfaResponses[keyof AdminTurnOffMfaResponses];

export type AdminHealthData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/health';
};

export type AdminHealthErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminHealthError = AdminHealthErrors[keyof AdminHealthErrors];

export type AdminHealthResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'pass' | 'warn' | 'fail';
            version: string;
            checks: {
                [key: string]: {
                    status: 'pass' | 'warn' | 'fail';
                    detail?: string;
                    [key: string]: unknown;
                };
            };
            reasons: Array<{
                check: string;
                /**
                 * What went wrong, without secrets.
                 */
                reason: string;
            }>;
        };
    };
};

export type AdminHealthResponse = AdminHealthResponses[keyof AdminHealthResponses];

export type AdminListUsersData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-createdAt`. A cursor goes on in the order that it came from.
         */
        sort?: 'createdAt' | '-createdAt' | 'email' | '-email' | 'name' | '-name';
        /**
         * Start of an address, name or username, or an id.
         */
        search?: string;
        status?: 'active' | 'suspended' | 'deleted';
        role?: string;
        verified?: boolean;
    };
    url: '/api/v1/admin/users';
};

export type AdminListUsersErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminListUsersError = AdminListUsersErrors[keyof AdminListUsersErrors];

export type AdminListUsersResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            email: string;
            emailVerified: boolean;
            name: string | null;
            username: string | null;
            locale: string;
            status: 'active' | 'suspended' | 'deleted';
            suspendedUntil: string | null;
            roles: Array<string>;
            lastLoginAt: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type AdminListUsersResponse = AdminListUsersResponses[keyof AdminListUsersResponses];

export type AdminGetUserData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}';
};

export type AdminGetUserErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminGetUserError = AdminGetUserErrors[keyof AdminGetUserErrors];

export type AdminGetUserResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            email: string;
            emailVerified: boolean;
            name: string | null;
            username: string | null;
            locale: string;
            status: 'active' | 'suspended' | 'deleted';
            suspendedUntil: string | null;
            roles: Array<string>;
            lastLoginAt: string | null;
            createdAt: string;
            factors: {
                authenticatorSince: string | null;
                backupCodesLeft: number;
                trustedDevices: number;
                passkeys: number;
            };
            /**
             * Where they are signed in.
             */
            sessions: number;
            signInLock: {
                failures: number;
                lockedUntil: string | null;
            } | null;
            /**
             * What administrators did to this account, newest first.
             */
            interventions: Array<{
                id: string;
                kind: 'suspension' | 'factor_reset';
                reason: string;
                by: string;
                until: string | null;
                liftedAt: string | null;
                liftedBy: string | null;
                createdAt: string;
            }>;
        };
    };
};

export type AdminGetUserResponse = AdminGetUserResponses[keyof AdminGetUserResponses];

export type AdminSuspendUserData = {
    body: {
        /**
         * Kept with the account, for other administrators.
         */
        reason: string;
        until?: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/suspend';
};

export type AdminSuspendUserErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'admin.own_account' | 'admin.account_above';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `admin.already_suspended`: This account is suspended already.
     *
     * `admin.account_closed`: This account was closed by its owner.
     *
     * `admin.last_super_admin`: This is the last super admin who can sign in.
     */
    409: Problem & {
        code: 'admin.already_suspended' | 'admin.account_closed' | 'admin.last_super_admin';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminSuspendUserError = AdminSuspendUserErrors[keyof AdminSuspendUserErrors];

export type AdminSuspendUserResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminSuspendUserResponse = AdminSuspendUserResponses[keyof AdminSuspendUserResponses];

export type AdminUnsuspendUserData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/unsuspend';
};

export type AdminUnsuspendUserErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'admin.own_account' | 'admin.account_above';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `admin.not_suspended`: This account is not suspended.
     */
    409: Problem & {
        code: 'admin.not_suspended';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminUnsuspendUserError = AdminUnsuspendUserErrors[keyof AdminUnsuspendUserErrors];

export type AdminUnsuspendUserResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminUnsuspendUserResponse = AdminUnsuspendUserResponses[keyof AdminUnsuspendUserResponses];

export type AdminSignOutUserData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/sign-out';
};

export type AdminSignOutUserErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'admin.own_account' | 'admin.account_above';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminSignOutUserError = AdminSignOutUserErrors[keyof AdminSignOutUserErrors];

export type AdminSignOutUserResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            sessionsEnded: number;
        };
    };
};

export type AdminSignOutUserResponse = AdminSignOutUserResponses[keyof AdminSignOutUserResponses];

export type AdminResetFactorsData = {
    body: {
        /**
         * Kept with the account, for other administrators.
         */
        reason: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/reset-factors';
};

export type AdminResetFactorsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'admin.own_account' | 'admin.account_above';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `admin.no_factors`: This account has no authenticator and no passkey to take away.
     */
    409: Problem & {
        code: 'admin.no_factors';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminResetFactorsError = AdminResetFactorsErrors[keyof AdminResetFactorsErrors];

export type AdminResetFactorsResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            hadAuthenticator: boolean;
            passkeys: number;
        };
    };
};

export type AdminResetFactorsResponse = AdminResetFactorsResponses[keyof AdminResetFactorsResponses];

export type AdminRevokeRoleData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
        role: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/roles/{role}';
};

export type AdminRevokeRoleErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     *
     * `access.role_above_own`: You cannot give a role that permits more than you may do, nor take it from somebody.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'admin.own_account' | 'admin.account_above' | 'access.role_above_own';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     *
     * `admin.role_not_held`: This account does not have this role.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found' | 'admin.role_not_held';
    };
    /**
     * `admin.last_super_admin`: This is the last super admin who can sign in.
     */
    409: Problem & {
        code: 'admin.last_super_admin';
    };
    /**
     * `access.unknown_role`: There is no such role.
     */
    422: Problem & {
        code: 'access.unknown_role';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminRevokeRoleError = AdminRevokeRoleErrors[keyof AdminRevokeRoleErrors];

export type AdminRevokeRoleResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminRevokeRoleResponse = AdminRevokeRoleResponses[keyof AdminRevokeRoleResponses];

export type AdminGrantRoleData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
        role: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/roles/{role}';
};

export type AdminGrantRoleErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     *
     * `access.role_above_own`: You cannot give a role that permits more than you may do, nor take it from somebody.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'admin.own_account' | 'admin.account_above' | 'access.role_above_own';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `admin.account_closed`: This account was closed by its owner.
     */
    409: Problem & {
        code: 'admin.account_closed';
    };
    /**
     * `access.unknown_role`: There is no such role.
     */
    422: Problem & {
        code: 'access.unknown_role';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminGrantRoleError = AdminGrantRoleErrors[keyof AdminGrantRoleErrors];

export type AdminGrantRoleResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminGrantRoleResponse = AdminGrantRoleResponses[keyof AdminGrantRoleResponses];

export type AdminListSessionsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/sessions';
};

export type AdminListSessionsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminListSessionsError = AdminListSessionsErrors[keyof AdminListSessionsErrors];

export type AdminListSessionsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            /**
             * The session that asks.
             */
            current: boolean;
            kind: 'cookie' | 'token' | 'external';
            /**
             * The door it was opened by.
             */
            firstFactor: 'password' | 'registration' | 'magic_link' | 'passkey' | 'oidc' | 'invitation' | 'impersonation' | 'demo';
            secondFactor: string | null;
            /**
             * As its user agent calls itself: `Firefox on Linux`.
             */
            device: string;
            userAgent: string | null;
            ip: string | null;
            createdAt: string;
            /**
             * When it was last used, to within five minutes.
             */
            lastSeenAt: string;
            expiresAt: string;
        }>;
    };
};

export type AdminListSessionsResponse = AdminListSessionsResponses[keyof AdminListSessionsResponses];

export type AdminEndSessionData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
        sessionId: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/sessions/{sessionId}';
};

export type AdminEndSessionErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'admin.own_account' | 'admin.account_above';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     *
     * `auth.session_not_found`: There is no such session.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found' | 'auth.session_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminEndSessionError = AdminEndSessionErrors[keyof AdminEndSessionErrors];

export type AdminEndSessionResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminEndSessionResponse = AdminEndSessionResponses[keyof AdminEndSessionResponses];

export type AdminListApiKeysData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/api-keys';
};

export type AdminListApiKeysErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminListApiKeysError = AdminListApiKeysErrors[keyof AdminListApiKeysErrors];

export type AdminListApiKeysResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            name: string;
            /**
             * The first characters, to recognise the key by.
             */
            hint: string;
            scopes: Array<string> | null;
            expiresAt: string | null;
            requestsPerMinute: number | null;
            lastUsedAt: string | null;
            lastUsedIp: string | null;
            createdAt: string;
        }>;
    };
};

export type AdminListApiKeysResponse = AdminListApiKeysResponses[keyof AdminListApiKeysResponses];

export type AdminRevokeApiKeyData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
        keyId: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/api-keys/{keyId}';
};

export type AdminRevokeApiKeyErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `admin.own_account`: Nobody does this to their own account.
     *
     * `admin.account_above`: This account may do as much as you, or more.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'admin.own_account' | 'admin.account_above';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     *
     * `auth.api_key_not_found`: There is no such API key.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found' | 'auth.api_key_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminRevokeApiKeyError = AdminRevokeApiKeyErrors[keyof AdminRevokeApiKeyErrors];

export type AdminRevokeApiKeyResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminRevokeApiKeyResponse = AdminRevokeApiKeyResponses[keyof AdminRevokeApiKeyResponses];

export type AdminListFactorsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/users/{id}/factors';
};

export type AdminListFactorsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminListFactorsError = AdminListFactorsErrors[keyof AdminListFactorsErrors];

export type AdminListFactorsResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            authenticator: {
                since: string | null;
                backupCodesLeft: number;
            } | null;
            passkeys: Array<{
                id: string;
                name: string;
                isBackedUp: boolean;
                createdAt: string;
                lastUsedAt: string | null;
            }>;
            trustedDevices: Array<{
                id: string;
                userAgent: string | null;
                createdAt: string;
                lastUsedAt: string;
                expiresAt: string;
            }>;
        };
    };
};

export type AdminListFactorsResponse = AdminListFactorsResponses[keyof AdminListFactorsResponses];

export type AdminListServiceTokensData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/api/v1/admin/service-tokens';
};

export type AdminListServiceTokensErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminListServiceTokensError = AdminListServiceTokensErrors[keyof AdminListServiceTokensErrors];

export type AdminListServiceTokensResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            name: string;
            /**
             * The first characters, to recognise the token by.
             */
            hint: string;
            scopes: Array<string>;
            readOnly: boolean;
            requestsPerMinute: number | null;
            /**
             * Who made or rotated it last: it can do nothing that they may not do.
             */
            backedBy: string;
            expiresAt: string;
            previousUntil: string | null;
            lastUsedAt: string | null;
            rotatedAt: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type AdminListServiceTokensResponse = AdminListServiceTokensResponses[keyof AdminListServiceTokensResponses];

export type AdminCreateServiceTokenData = {
    body: {
        name: string;
        /**
         * Permissions of yours that the program may use: those that `GET /access/permissions` says are `forPrograms`.
         */
        scopes: Array<'users.read_self' | 'users.update_self' | 'users.read_any' | 'users.manage_teams' | 'access.read_roles' | 'access.manage_roles' | 'auth.manage_sessions' | 'auth.change_password' | 'auth.manage_passkeys' | 'auth.change_email' | 'auth.manage_api_keys' | 'twofa.manage' | 'invitations.manage' | 'oidc.manage' | 'privacy.export_self' | 'privacy.erase_self' | 'monitoring.read' | 'monitoring.acknowledge' | 'monitoring.configure' | 'audit.read' | 'audit.export' | 'audit.trace' | 'audit.read_self' | 'admin.read_health' | 'admin.read_users' | 'admin.suspend_users' | 'admin.sign_out_users' | 'admin.revoke_keys' | 'admin.reset_factors' | 'admin.grant_roles' | 'admin.manage_service_tokens' | 'admin.manage_mfa' | 'impersonation.begin' | 'inbox.read' | 'inbox.replay' | 'jobs.read' | 'jobs.manage' | 'mail.read' | 'mail.send_test' | 'operations.read_overview' | 'operations.read_settings' | 'operations.check' | 'ledger.read' | 'ledger.check' | 'payments.pay' | 'payments.read_any' | 'refunds.create' | 'refunds.review' | 'refunds.read' | 'disputes.read' | 'disputes.answer' | 'reconciliation.read' | 'reconciliation.run' | 'reconciliation.accept'>;
        /**
         * It changes nothing, whatever its scopes.
         */
        readOnly?: boolean;
        /**
         * Within 366 days; 90 days without it.
         */
        expiresAt?: string;
        /**
         * A limit of its own, below the general one.
         */
        requestsPerMinute?: number;
    };
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/service-tokens';
};

export type AdminCreateServiceTokenErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `admin.scope_above_own`: You cannot make, rotate or end a token with a permission that you do not have.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'admin.scope_above_own';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminCreateServiceTokenError = AdminCreateServiceTokenErrors[keyof AdminCreateServiceTokenErrors];

export type AdminCreateServiceTokenResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            id: string;
            name: string;
            /**
             * The first characters, to recognise the token by.
             */
            hint: string;
            scopes: Array<string>;
            readOnly: boolean;
            requestsPerMinute: number | null;
            /**
             * Who made or rotated it last: it can do nothing that they may not do.
             */
            backedBy: string;
            expiresAt: string;
            previousUntil: string | null;
            lastUsedAt: string | null;
            rotatedAt: string | null;
            createdAt: string;
            token: string;
        };
    };
};

export type AdminCreateServiceTokenResponse = AdminCreateServiceTokenResponses[keyof AdminCreateServiceTokenResponses];

export type AdminRotateServiceTokenData = {
    body: {
        /**
         * How long the secret before works; an older one ends now.
         */
        overlapMinutes?: number;
        expiresAt?: string;
    };
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/service-tokens/{id}/rotate';
};

export type AdminRotateServiceTokenErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `admin.scope_above_own`: You cannot make, rotate or end a token with a permission that you do not have.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'admin.scope_above_own';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `admin.service_token_not_found`: There is no such service token.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'admin.service_token_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminRotateServiceTokenError = AdminRotateServiceTokenErrors[keyof AdminRotateServiceTokenErrors];

export type AdminRotateServiceTokenResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            name: string;
            /**
             * The first characters, to recognise the token by.
             */
            hint: string;
            scopes: Array<string>;
            readOnly: boolean;
            requestsPerMinute: number | null;
            /**
             * Who made or rotated it last: it can do nothing that they may not do.
             */
            backedBy: string;
            expiresAt: string;
            previousUntil: string | null;
            lastUsedAt: string | null;
            rotatedAt: string | null;
            createdAt: string;
            token: string;
        };
    };
};

export type AdminRotateServiceTokenResponse = AdminRotateServiceTokenResponses[keyof AdminRotateServiceTokenResponses];

export type AdminRevokeServiceTokenData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/service-tokens/{id}';
};

export type AdminRevokeServiceTokenErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `admin.scope_above_own`: You cannot make, rotate or end a token with a permission that you do not have.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'admin.scope_above_own';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `admin.service_token_not_found`: There is no such service token.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'admin.service_token_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type AdminRevokeServiceTokenError = AdminRevokeServiceTokenErrors[keyof AdminRevokeServiceTokenErrors];

export type AdminRevokeServiceTokenResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type AdminRevokeServiceTokenResponse = AdminRevokeServiceTokenResponses[keyof AdminRevokeServiceTokenResponses];

export type ImpersonationRequestData = {
    body: {
        userId: string;
        /**
         * The owner of the account reads it.
         */
        reason: string;
        minutes?: number;
    };
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/impersonation';
};

export type ImpersonationRequestErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `impersonation.not_below`: You can only act in the account of somebody who may do less than you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'impersonation.not_below';
    };
    /**
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'users.user_not_found';
    };
    /**
     * `impersonation.account_inactive`: Nobody acts in an account that is suspended or closed.
     */
    409: Problem & {
        code: 'impersonation.account_inactive';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type ImpersonationRequestError = ImpersonationRequestErrors[keyof ImpersonationRequestErrors];

export type ImpersonationRequestResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            token: string;
            expiresAt: string;
            minutes: number;
        };
    };
};

export type ImpersonationRequestResponse = ImpersonationRequestResponses[keyof ImpersonationRequestResponses];

export type ImpersonationExchangeData = {
    body: {
        token: string;
        /**
         * An access token, which is the default, or a cookie.
         */
        mode?: 'token' | 'cookie';
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/impersonation/exchange';
};

export type ImpersonationExchangeErrors = {
    /**
     * `impersonation.invalid_token`: This token is not valid any more.
     */
    401: Problem & {
        code: 'impersonation.invalid_token';
    };
    /**
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.impersonated';
    };
    /**
     * `impersonation.signed_in_here`: Somebody is signed in here already.
     */
    409: Problem & {
        code: 'impersonation.signed_in_here';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type ImpersonationExchangeError = ImpersonationExchangeErrors[keyof ImpersonationExchangeErrors];

export type ImpersonationExchangeResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            /**
             * Nothing makes it last longer.
             */
            expiresAt: string;
        };
    };
};

export type ImpersonationExchangeResponse = ImpersonationExchangeResponses[keyof ImpersonationExchangeResponses];

export type ImpersonationEndData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/admin/impersonation/end';
};

export type ImpersonationEndErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `impersonation.none_running`: There is no impersonation to end.
     */
    409: Problem & {
        code: 'impersonation.none_running';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type ImpersonationEndError = ImpersonationEndErrors[keyof ImpersonationEndErrors];

export type ImpersonationEndResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type ImpersonationEndResponse = ImpersonationEndResponses[keyof ImpersonationEndResponses];

export type ImpersonationListOwnData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/api/v1/users/me/impersonations';
};

export type ImpersonationListOwnErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     */
    403: Problem & {
        code: 'access.forbidden';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type ImpersonationListOwnError = ImpersonationListOwnErrors[keyof ImpersonationListOwnErrors];

export type ImpersonationListOwnResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            by: string;
            reason: string;
            begunAt: string | null;
            endsAt: string | null;
            endedAt: string | null;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type ImpersonationListOwnResponse = ImpersonationListOwnResponses[keyof ImpersonationListOwnResponses];

export type ImpersonationListOfData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
    };
    url: '/api/v1/admin/users/{id}/impersonations';
};

export type ImpersonationListOfErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `users.user_not_found`: There is no such user.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'users.user_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type ImpersonationListOfError = ImpersonationListOfErrors[keyof ImpersonationListOfErrors];

export type ImpersonationListOfResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            by: string;
            reason: string;
            begunAt: string | null;
            endsAt: string | null;
            endedAt: string | null;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type ImpersonationListOfResponse = ImpersonationListOfResponses[keyof ImpersonationListOfResponses];

export type InboxTakeStripeEventData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/webhooks/stripe';
};

export type InboxTakeStripeEventErrors = {
    /**
     * `inbox.not_an_event`: The body is signed, and is no event.
     */
    400: Problem & {
        code: 'inbox.not_an_event';
    };
    /**
     * `inbox.not_signed`: The body is not signed with the secret of this endpoint.
     */
    403: Problem & {
        code: 'inbox.not_signed';
    };
};

export type InboxTakeStripeEventError = InboxTakeStripeEventErrors[keyof InboxTakeStripeEventErrors];

export type InboxTakeStripeEventResponses = {
    /**
     * Default Response
     */
    200: {
        received: true;
    };
};

export type InboxTakeStripeEventResponse = InboxTakeStripeEventResponses[keyof InboxTakeStripeEventResponses];

export type InboxListEventsData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-receivedAt`. A cursor goes on in the order that it came from.
         */
        sort?: 'receivedAt' | '-receivedAt';
        provider?: 'stripe';
        type?: string;
        objectId?: string;
        state?: 'received' | 'waiting' | 'retrying' | 'dead' | 'processed' | 'ignored';
    };
    url: '/api/v1/admin/inbox/events';
};

export type InboxListEventsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type InboxListEventsError = InboxListEventsErrors[keyof InboxListEventsErrors];

export type InboxListEventsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            provider: string;
            /**
             * What the provider calls it.
             */
            providerEventId: string;
            /**
             * The connected account that it is about; empty: our own.
             */
            account: string;
            type: string;
            /**
             * Of what it is about.
             */
            kind: string;
            objectId: string | null;
            apiVersion: string | null;
            isLive: boolean;
            /**
             * `waiting` for what it belongs to, `retrying` because the provider could not be asked, `dead`: given up.
             */
            state: 'received' | 'waiting' | 'retrying' | 'dead' | 'processed' | 'ignored';
            ignoredFor: 'unknown_kind' | 'wrong_mode' | 'no_object' | null;
            object: {
                attempts: number;
                problem: 'parent_missing' | 'failed' | 'impossible' | null;
                detail: string | null;
                nextAt: string | null;
            } | null;
            occurredAt: string;
            receivedAt: string;
            processedAt: string | null;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type InboxListEventsResponse = InboxListEventsResponses[keyof InboxListEventsResponses];

export type InboxGetEventData = {
    body?: never;
    headers?: {
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/inbox/events/{id}';
};

export type InboxGetEventErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `inbox.event_not_found`: There is no such event.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'inbox.event_not_found';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type InboxGetEventError = InboxGetEventErrors[keyof InboxGetEventErrors];

export type InboxGetEventResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            provider: string;
            /**
             * What the provider calls it.
             */
            providerEventId: string;
            /**
             * The connected account that it is about; empty: our own.
             */
            account: string;
            type: string;
            /**
             * Of what it is about.
             */
            kind: string;
            objectId: string | null;
            apiVersion: string | null;
            isLive: boolean;
            /**
             * `waiting` for what it belongs to, `retrying` because the provider could not be asked, `dead`: given up.
             */
            state: 'received' | 'waiting' | 'retrying' | 'dead' | 'processed' | 'ignored';
            ignoredFor: 'unknown_kind' | 'wrong_mode' | 'no_object' | null;
            object: {
                attempts: number;
                problem: 'parent_missing' | 'failed' | 'impossible' | null;
                detail: string | null;
                nextAt: string | null;
            } | null;
            occurredAt: string;
            receivedAt: string;
            processedAt: string | null;
            /**
             * As it came: the bytes that were signed.
             */
            body: string;
        };
    };
};

export type InboxGetEventResponse = InboxGetEventResponses[keyof InboxGetEventResponses];

export type InboxReplayEventData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/admin/inbox/events/{id}/replay';
};

export type InboxReplayEventErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `inbox.event_not_found`: There is no such event.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'inbox.event_not_found';
    };
    /**
     * `inbox.event_without_object`: This event is about nothing that could be looked at again.
     */
    409: Problem & {
        code: 'inbox.event_without_object';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type InboxReplayEventError = InboxReplayEventErrors[keyof InboxReplayEventErrors];

export type InboxReplayEventResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type InboxReplayEventResponse = InboxReplayEventResponses[keyof InboxReplayEventResponses];

export type PaymentsListData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-createdAt`. A cursor goes on in the order that it came from.
         */
        sort?: 'createdAt' | '-createdAt' | 'price' | '-price';
        userId?: string;
        state?: 'created' | 'requires_action' | 'processing' | 'held' | 'frozen' | 'released' | 'refunded' | 'charged_back' | 'failed' | 'cancelled' | 'amount_mismatch';
        provider?: 'stripe';
        /**
         * ISO 4217, or `CRD` for credits.
         */
        currency?: 'AED' | 'AFN' | 'ALL' | 'AMD' | 'AOA' | 'ARS' | 'AUD' | 'AWG' | 'AZN' | 'BAM' | 'BBD' | 'BDT' | 'BHD' | 'BIF' | 'BMD' | 'BND' | 'BOB' | 'BRL' | 'BSD' | 'BTN' | 'BWP' | 'BYN' | 'BZD' | 'CAD' | 'CDF' | 'CHF' | 'CLP' | 'CNY' | 'COP' | 'CRC' | 'CRD' | 'CUP' | 'CVE' | 'CZK' | 'DJF' | 'DKK' | 'DOP' | 'DZD' | 'EGP' | 'ERN' | 'ETB' | 'EUR' | 'FJD' | 'FKP' | 'GBP' | 'GEL' | 'GHS' | 'GIP' | 'GMD' | 'GNF' | 'GTQ' | 'GYD' | 'HKD' | 'HNL' | 'HTG' | 'HUF' | 'IDR' | 'ILS' | 'INR' | 'IQD' | 'IRR' | 'ISK' | 'JMD' | 'JOD' | 'JPY' | 'KES' | 'KGS' | 'KHR' | 'KMF' | 'KPW' | 'KRW' | 'KWD' | 'KYD' | 'KZT' | 'LAK' | 'LBP' | 'LKR' | 'LRD' | 'LSL' | 'LYD' | 'MAD' | 'MDL' | 'MGA' | 'MKD' | 'MMK' | 'MNT' | 'MOP' | 'MRU' | 'MUR' | 'MVR' | 'MWK' | 'MXN' | 'MYR' | 'MZN' | 'NAD' | 'NGN' | 'NIO' | 'NOK' | 'NPR' | 'NZD' | 'OMR' | 'PAB' | 'PEN' | 'PGK' | 'PHP' | 'PKR' | 'PLN' | 'PYG' | 'QAR' | 'RON' | 'RSD' | 'RUB' | 'RWF' | 'SAR' | 'SBD' | 'SCR' | 'SDG' | 'SEK' | 'SGD' | 'SHP' | 'SLE' | 'SOS' | 'SRD' | 'SSP' | 'STN' | 'SVC' | 'SYP' | 'SZL' | 'THB' | 'TJS' | 'TMT' | 'TND' | 'TOP' | 'TRY' | 'TTD' | 'TWD' | 'TZS' | 'UAH' | 'UGX' | 'USD' | 'UYU' | 'UZS' | 'VED' | 'VES' | 'VND' | 'VUV' | 'WST' | 'XAF' | 'XCD' | 'XCG' | 'XOF' | 'XPF' | 'YER' | 'ZAR' | 'ZMW' | 'ZWG';
        from?: string;
        to?: string;
    };
    url: '/api/v1/payments';
};

export type PaymentsListErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PaymentsListError = PaymentsListErrors[keyof PaymentsListErrors];

export type PaymentsListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            userId: string;
            price: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            captured: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            refunded: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            refundPending: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            disputed: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            chargedBack: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            description: string | null;
            reference: string | null;
            /**
             * `held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.
             */
            state: 'created' | 'requires_action' | 'processing' | 'held' | 'frozen' | 'released' | 'refunded' | 'charged_back' | 'failed' | 'cancelled' | 'amount_mismatch';
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            heldAt: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type PaymentsListResponse = PaymentsListResponses[keyof PaymentsListResponses];

export type PaymentsListSurplusData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * Only what the provider has refused, or only what it has not.
         */
        isRefused?: boolean;
    };
    url: '/api/v1/payments/surplus';
};

export type PaymentsListSurplusErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PaymentsListSurplusError = PaymentsListSurplusErrors[keyof PaymentsListSurplusErrors];

export type PaymentsListSurplusResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            paymentId: string;
            received: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            provider: 'stripe';
            /**
             * What the provider calls what brought it.
             */
            providerRef: string;
            chargeRef: string | null;
            failure: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type PaymentsListSurplusResponse = PaymentsListSurplusResponses[keyof PaymentsListSurplusResponses];

export type PaymentsGetData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/payments/{id}';
};

export type PaymentsGetErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `payments.payment_not_found`: There is no such payment.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'payments.payment_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PaymentsGetError = PaymentsGetErrors[keyof PaymentsGetErrors];

export type PaymentsGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            userId: string;
            price: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            captured: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            refunded: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            refundPending: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            disputed: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            chargedBack: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            description: string | null;
            reference: string | null;
            /**
             * `held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.
             */
            state: 'created' | 'requires_action' | 'processing' | 'held' | 'frozen' | 'released' | 'refunded' | 'charged_back' | 'failed' | 'cancelled' | 'amount_mismatch';
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            heldAt: string | null;
            createdAt: string;
        };
    };
};

export type PaymentsGetResponse = PaymentsGetResponses[keyof PaymentsGetResponses];

export type PaymentsTimelineData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/payments/{id}/timeline';
};

export type PaymentsTimelineErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `payments.payment_not_found`: There is no such payment.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'payments.payment_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type PaymentsTimelineError = PaymentsTimelineErrors[keyof PaymentsTimelineErrors];

export type PaymentsTimelineResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            at: string;
            /**
             * `attempt`: what was asked of the provider; `provider`: what it told.
             */
            source: 'attempt' | 'fact' | 'provider';
            name: string;
            ref: string | null;
            data: {
                [key: string]: unknown;
            };
        }>;
    };
};

export type PaymentsTimelineResponse = PaymentsTimelineResponses[keyof PaymentsTimelineResponses];

export type RefundsListOfPaymentData = {
    body?: never;
    path: {
        id: string;
    };
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-createdAt`. A cursor goes on in the order that it came from.
         */
        sort?: 'createdAt' | '-createdAt' | 'amount' | '-amount';
        state?: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
    };
    url: '/api/v1/payments/{id}/refunds';
};

export type RefundsListOfPaymentErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `payments.payment_not_found`: There is no such payment.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'payments.payment_not_found';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type RefundsListOfPaymentError = RefundsListOfPaymentErrors[keyof RefundsListOfPaymentErrors];

export type RefundsListOfPaymentResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            paymentId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `unknown`: the provider did not answer; it is asked again. `needs_review`: only a person can tell.
             */
            state: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
            /**
             * `provider`: made in its dashboard.
             */
            origin: 'asked' | 'provider' | 'surplus';
            reason: string | null;
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            succeededAt: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type RefundsListOfPaymentResponse = RefundsListOfPaymentResponses[keyof RefundsListOfPaymentResponses];

export type RefundsCreateData = {
    body: {
        amount?: string | null;
        /**
         * ISO 4217, or `CRD` for credits.
         */
        currency?: 'AED' | 'AFN' | 'ALL' | 'AMD' | 'AOA' | 'ARS' | 'AUD' | 'AWG' | 'AZN' | 'BAM' | 'BBD' | 'BDT' | 'BHD' | 'BIF' | 'BMD' | 'BND' | 'BOB' | 'BRL' | 'BSD' | 'BTN' | 'BWP' | 'BYN' | 'BZD' | 'CAD' | 'CDF' | 'CHF' | 'CLP' | 'CNY' | 'COP' | 'CRC' | 'CRD' | 'CUP' | 'CVE' | 'CZK' | 'DJF' | 'DKK' | 'DOP' | 'DZD' | 'EGP' | 'ERN' | 'ETB' | 'EUR' | 'FJD' | 'FKP' | 'GBP' | 'GEL' | 'GHS' | 'GIP' | 'GMD' | 'GNF' | 'GTQ' | 'GYD' | 'HKD' | 'HNL' | 'HTG' | 'HUF' | 'IDR' | 'ILS' | 'INR' | 'IQD' | 'IRR' | 'ISK' | 'JMD' | 'JOD' | 'JPY' | 'KES' | 'KGS' | 'KHR' | 'KMF' | 'KPW' | 'KRW' | 'KWD' | 'KYD' | 'KZT' | 'LAK' | 'LBP' | 'LKR' | 'LRD' | 'LSL' | 'LYD' | 'MAD' | 'MDL' | 'MGA' | 'MKD' | 'MMK' | 'MNT' | 'MOP' | 'MRU' | 'MUR' | 'MVR' | 'MWK' | 'MXN' | 'MYR' | 'MZN' | 'NAD' | 'NGN' | 'NIO' | 'NOK' | 'NPR' | 'NZD' | 'OMR' | 'PAB' | 'PEN' | 'PGK' | 'PHP' | 'PKR' | 'PLN' | 'PYG' | 'QAR' | 'RON' | 'RSD' | 'RUB' | 'RWF' | 'SAR' | 'SBD' | 'SCR' | 'SDG' | 'SEK' | 'SGD' | 'SHP' | 'SLE' | 'SOS' | 'SRD' | 'SSP' | 'STN' | 'SVC' | 'SYP' | 'SZL' | 'THB' | 'TJS' | 'TMT' | 'TND' | 'TOP' | 'TRY' | 'TTD' | 'TWD' | 'TZS' | 'UAH' | 'UGX' | 'USD' | 'UYU' | 'UZS' | 'VED' | 'VES' | 'VND' | 'VUV' | 'WST' | 'XAF' | 'XCD' | 'XCG' | 'XOF' | 'XPF' | 'YER' | 'ZAR' | 'ZMW' | 'ZWG';
        /**
         * Also told to the provider where it is `duplicate`, `fraudulent` or `requested_by_customer`.
         */
        reason?: string;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/payments/{id}/refunds';
};

export type RefundsCreateErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `payments.payment_not_found`: There is no such payment.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'payments.payment_not_found';
    };
    /**
     * `refunds.nothing_to_refund`: Nothing of this payment can be refunded.
     *
     * `refunds.more_than_refundable`: Less than that can be refunded.
     *
     * `refunds.disputed`: The customer’s bank disputes this payment: until that is decided, what it claims is not refunded.
     */
    409: Problem & {
        code: 'refunds.nothing_to_refund' | 'refunds.more_than_refundable' | 'refunds.disputed';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `refunds.refused_by_provider`: The payment provider refuses this refund; nothing was refunded.
     *
     * `money.asset_mismatch`: Amounts in different currencies cannot be combined.
     *
     * `money.not_divisible`: The payment provider does not take so fine an amount in this currency.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'refunds.refused_by_provider' | 'money.asset_mismatch' | 'money.not_divisible';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `payments.not_configured`: Payments are not set up here.
     */
    503: Problem & {
        code: 'payments.not_configured';
    };
};

export type RefundsCreateError = RefundsCreateErrors[keyof RefundsCreateErrors];

export type RefundsCreateResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            id: string;
            paymentId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `unknown`: the provider did not answer; it is asked again. `needs_review`: only a person can tell.
             */
            state: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
            /**
             * `provider`: made in its dashboard.
             */
            origin: 'asked' | 'provider' | 'surplus';
            reason: string | null;
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            succeededAt: string | null;
            createdAt: string;
        };
    };
    /**
     * Default Response
     */
    202: {
        data: {
            id: string;
            paymentId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `unknown`: the provider did not answer; it is asked again. `needs_review`: only a person can tell.
             */
            state: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
            /**
             * `provider`: made in its dashboard.
             */
            origin: 'asked' | 'provider' | 'surplus';
            reason: string | null;
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            succeededAt: string | null;
            createdAt: string;
        };
    };
};

export type RefundsCreateResponse = RefundsCreateResponses[keyof RefundsCreateResponses];

export type RefundsListData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-createdAt`. A cursor goes on in the order that it came from.
         */
        sort?: 'createdAt' | '-createdAt' | 'amount' | '-amount';
        state?: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
        paymentId?: string;
        userId?: string;
    };
    url: '/api/v1/refunds';
};

export type RefundsListErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type RefundsListError = RefundsListErrors[keyof RefundsListErrors];

export type RefundsListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            paymentId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `unknown`: the provider did not answer; it is asked again. `needs_review`: only a person can tell.
             */
            state: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
            /**
             * `provider`: made in its dashboard.
             */
            origin: 'asked' | 'provider' | 'surplus';
            reason: string | null;
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            succeededAt: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type RefundsListResponse = RefundsListResponses[keyof RefundsListResponses];

export type RefundsGetData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/refunds/{id}';
};

export type RefundsGetErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `refunds.refund_not_found`: There is no such refund.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'refunds.refund_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type RefundsGetError = RefundsGetErrors[keyof RefundsGetErrors];

export type RefundsGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            paymentId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `unknown`: the provider did not answer; it is asked again. `needs_review`: only a person can tell.
             */
            state: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
            /**
             * `provider`: made in its dashboard.
             */
            origin: 'asked' | 'provider' | 'surplus';
            reason: string | null;
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            succeededAt: string | null;
            createdAt: string;
        };
    };
};

export type RefundsGetResponse = RefundsGetResponses[keyof RefundsGetResponses];

export type RefundsListOwnData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        paymentId?: string;
    };
    url: '/api/v1/users/me/refunds';
};

export type RefundsListOwnErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type RefundsListOwnError = RefundsListOwnErrors[keyof RefundsListOwnErrors];

export type RefundsListOwnResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            paymentId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            state: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
            succeededAt: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type RefundsListOwnResponse = RefundsListOwnResponses[keyof RefundsListOwnResponses];

export type RefundsReviewData = {
    body: {
        outcome: 'made' | 'not_made';
        /**
         * What the provider calls it; with `made`.
         */
        ref?: string;
        /**
         * What was found out.
         */
        note: string;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/refunds/{id}/review';
};

export type RefundsReviewErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `refunds.refund_not_found`: There is no such refund.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'refunds.refund_not_found';
    };
    /**
     * `refunds.not_in_review`: What became of this refund is known.
     *
     * `refunds.made_after_all`: The payment provider has this refund: it was made.
     */
    409: Problem & {
        code: 'refunds.not_in_review' | 'refunds.made_after_all';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `refunds.not_this_refund`: What the provider calls so is not this refund.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'refunds.not_this_refund';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `payments.not_configured`: Payments are not set up here.
     *
     * `refunds.provider_unavailable`: The payment provider did not say what it has.
     */
    503: Problem & {
        code: 'payments.not_configured' | 'refunds.provider_unavailable';
    };
};

export type RefundsReviewError = RefundsReviewErrors[keyof RefundsReviewErrors];

export type RefundsReviewResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            paymentId: string;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `unknown`: the provider did not answer; it is asked again. `needs_review`: only a person can tell.
             */
            state: 'requested' | 'sending' | 'unknown' | 'pending' | 'succeeded' | 'failed' | 'cancelled' | 'needs_review';
            /**
             * `provider`: made in its dashboard.
             */
            origin: 'asked' | 'provider' | 'surplus';
            reason: string | null;
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            succeededAt: string | null;
            createdAt: string;
        };
    };
};

export type RefundsReviewResponse = RefundsReviewResponses[keyof RefundsReviewResponses];

export type RefundsSettleSurplusData = {
    body: {
        by: 'refund' | 'other_means';
        /**
         * What was found out.
         */
        note: string;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/payments/surplus/{id}/settlement';
};

export type RefundsSettleSurplusErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `payments.surplus_not_found`: There is no such surplus.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'payments.surplus_not_found';
    };
    /**
     * `refunds.surplus_not_open`: This surplus is on its way back, or is settled.
     */
    409: Problem & {
        code: 'refunds.surplus_not_open';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `payments.not_configured`: Payments are not set up here.
     */
    503: Problem & {
        code: 'payments.not_configured';
    };
};

export type RefundsSettleSurplusError = RefundsSettleSurplusErrors[keyof RefundsSettleSurplusErrors];

export type RefundsSettleSurplusResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            paymentId: string;
            refundId: string | null;
            failure: string | null;
            settledAt: string | null;
        };
    };
};

export type RefundsSettleSurplusResponse = RefundsSettleSurplusResponses[keyof RefundsSettleSurplusResponses];

export type DisputesListData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-openedAt`. A cursor goes on in the order that it came from.
         */
        sort?: 'openedAt' | '-openedAt' | 'dueAt' | '-dueAt' | 'amount' | '-amount';
        state?: 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'inquiry_closed';
        paymentId?: string;
        userId?: string;
    };
    url: '/api/v1/disputes';
};

export type DisputesListErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type DisputesListError = DisputesListErrors[keyof DisputesListErrors];

export type DisputesListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            paymentId: string;
            surplusId: string | null;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            claims: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `inquiry`: the bank only asks, and nothing is kept from anybody.
             */
            state: 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'inquiry_closed';
            /**
             * As the provider says.
             */
            reason: string;
            dueAt: string | null;
            hasEvidence: boolean;
            /**
             * The provider has taken the money away.
             */
            isWithdrawn: boolean;
            /**
             * The provider has given money back.
             */
            isReinstated: boolean;
            provider: 'stripe';
            /**
             * What the provider calls it.
             */
            providerRef: string;
            openedAt: string;
            closedAt: string | null;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type DisputesListResponse = DisputesListResponses[keyof DisputesListResponses];

export type DisputesGetData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/disputes/{id}';
};

export type DisputesGetErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `disputes.dispute_not_found`: There is no such dispute.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'disputes.dispute_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type DisputesGetError = DisputesGetErrors[keyof DisputesGetErrors];

export type DisputesGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            paymentId: string;
            surplusId: string | null;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            claims: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `inquiry`: the bank only asks, and nothing is kept from anybody.
             */
            state: 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'inquiry_closed';
            /**
             * As the provider says.
             */
            reason: string;
            dueAt: string | null;
            hasEvidence: boolean;
            /**
             * The provider has taken the money away.
             */
            isWithdrawn: boolean;
            /**
             * The provider has given money back.
             */
            isReinstated: boolean;
            provider: 'stripe';
            /**
             * What the provider calls it.
             */
            providerRef: string;
            openedAt: string;
            closedAt: string | null;
        };
    };
};

export type DisputesGetResponse = DisputesGetResponses[keyof DisputesGetResponses];

export type DisputesSendEvidenceData = {
    body: {
        text: string;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/disputes/{id}/evidence';
};

export type DisputesSendEvidenceErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `disputes.dispute_not_found`: There is no such dispute.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'disputes.dispute_not_found';
    };
    /**
     * `disputes.dispute_closed`: The customer’s bank has decided already.
     */
    409: Problem & {
        code: 'disputes.dispute_closed';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `disputes.refused_by_provider`: The payment provider does not take this.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'disputes.refused_by_provider';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `disputes.provider_unavailable`: The payment provider did not answer; whether it has passed this on is not known.
     *
     * `payments.not_configured`: Payments are not set up here.
     */
    503: Problem & {
        code: 'disputes.provider_unavailable' | 'payments.not_configured';
    };
};

export type DisputesSendEvidenceError = DisputesSendEvidenceErrors[keyof DisputesSendEvidenceErrors];

export type DisputesSendEvidenceResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            paymentId: string;
            surplusId: string | null;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            claims: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `inquiry`: the bank only asks, and nothing is kept from anybody.
             */
            state: 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'inquiry_closed';
            /**
             * As the provider says.
             */
            reason: string;
            dueAt: string | null;
            hasEvidence: boolean;
            /**
             * The provider has taken the money away.
             */
            isWithdrawn: boolean;
            /**
             * The provider has given money back.
             */
            isReinstated: boolean;
            provider: 'stripe';
            /**
             * What the provider calls it.
             */
            providerRef: string;
            openedAt: string;
            closedAt: string | null;
        };
    };
};

export type DisputesSendEvidenceResponse = DisputesSendEvidenceResponses[keyof DisputesSendEvidenceResponses];

export type DisputesAcceptData = {
    body?: never;
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/disputes/{id}/acceptance';
};

export type DisputesAcceptErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `disputes.dispute_not_found`: There is no such dispute.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'disputes.dispute_not_found';
    };
    /**
     * `disputes.dispute_closed`: The customer’s bank has decided already.
     *
     * `disputes.inquiry_not_accepted`: The customer’s bank only asks so far: there is nothing to accept.
     */
    409: Problem & {
        code: 'disputes.dispute_closed' | 'disputes.inquiry_not_accepted';
    };
    /**
     * `disputes.refused_by_provider`: The payment provider does not take this.
     */
    422: Problem & {
        code: 'disputes.refused_by_provider';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
    /**
     * `disputes.provider_unavailable`: The payment provider did not answer; whether it has passed this on is not known.
     *
     * `payments.not_configured`: Payments are not set up here.
     */
    503: Problem & {
        code: 'disputes.provider_unavailable' | 'payments.not_configured';
    };
};

export type DisputesAcceptError = DisputesAcceptErrors[keyof DisputesAcceptErrors];

export type DisputesAcceptResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            paymentId: string;
            surplusId: string | null;
            amount: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            claims: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            /**
             * `inquiry`: the bank only asks, and nothing is kept from anybody.
             */
            state: 'inquiry' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'inquiry_closed';
            /**
             * As the provider says.
             */
            reason: string;
            dueAt: string | null;
            hasEvidence: boolean;
            /**
             * The provider has taken the money away.
             */
            isWithdrawn: boolean;
            /**
             * The provider has given money back.
             */
            isReinstated: boolean;
            provider: 'stripe';
            /**
             * What the provider calls it.
             */
            providerRef: string;
            openedAt: string;
            closedAt: string | null;
        };
    };
};

export type DisputesAcceptResponse = DisputesAcceptResponses[keyof DisputesAcceptResponses];

export type PaymentsCreateIntentData = {
    body: {
        /**
         * A whole number of the smallest unit: USD 10.99 is `1099`.
         */
        amount: string;
        /**
         * ISO 4217, or `CRD` for credits.
         */
        currency: 'AED' | 'AFN' | 'ALL' | 'AMD' | 'AOA' | 'ARS' | 'AUD' | 'AWG' | 'AZN' | 'BAM' | 'BBD' | 'BDT' | 'BHD' | 'BIF' | 'BMD' | 'BND' | 'BOB' | 'BRL' | 'BSD' | 'BTN' | 'BWP' | 'BYN' | 'BZD' | 'CAD' | 'CDF' | 'CHF' | 'CLP' | 'CNY' | 'COP' | 'CRC' | 'CRD' | 'CUP' | 'CVE' | 'CZK' | 'DJF' | 'DKK' | 'DOP' | 'DZD' | 'EGP' | 'ERN' | 'ETB' | 'EUR' | 'FJD' | 'FKP' | 'GBP' | 'GEL' | 'GHS' | 'GIP' | 'GMD' | 'GNF' | 'GTQ' | 'GYD' | 'HKD' | 'HNL' | 'HTG' | 'HUF' | 'IDR' | 'ILS' | 'INR' | 'IQD' | 'IRR' | 'ISK' | 'JMD' | 'JOD' | 'JPY' | 'KES' | 'KGS' | 'KHR' | 'KMF' | 'KPW' | 'KRW' | 'KWD' | 'KYD' | 'KZT' | 'LAK' | 'LBP' | 'LKR' | 'LRD' | 'LSL' | 'LYD' | 'MAD' | 'MDL' | 'MGA' | 'MKD' | 'MMK' | 'MNT' | 'MOP' | 'MRU' | 'MUR' | 'MVR' | 'MWK' | 'MXN' | 'MYR' | 'MZN' | 'NAD' | 'NGN' | 'NIO' | 'NOK' | 'NPR' | 'NZD' | 'OMR' | 'PAB' | 'PEN' | 'PGK' | 'PHP' | 'PKR' | 'PLN' | 'PYG' | 'QAR' | 'RON' | 'RSD' | 'RUB' | 'RWF' | 'SAR' | 'SBD' | 'SCR' | 'SDG' | 'SEK' | 'SGD' | 'SHP' | 'SLE' | 'SOS' | 'SRD' | 'SSP' | 'STN' | 'SVC' | 'SYP' | 'SZL' | 'THB' | 'TJS' | 'TMT' | 'TND' | 'TOP' | 'TRY' | 'TTD' | 'TWD' | 'TZS' | 'UAH' | 'UGX' | 'USD' | 'UYU' | 'UZS' | 'VED' | 'VES' | 'VND' | 'VUV' | 'WST' | 'XAF' | 'XCD' | 'XCG' | 'XOF' | 'XPF' | 'YER' | 'ZAR' | 'ZMW' | 'ZWG';
        description?: string;
        /**
         * What you call it: of one name there is one payment, whatever key asks for it.
         */
        reference?: string;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/payments/create-intent';
};

export type PaymentsCreateIntentErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `payments.attempt_over`: What this key was used for is over, and leads to nothing any more.
     *
     * `payments.reference_taken`: There is a payment with this reference already.
     */
    409: Problem & {
        code: 'payments.attempt_over' | 'payments.reference_taken';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `payments.refused_by_provider`: The payment provider refuses this payment.
     *
     * `money.not_chargeable`: The payment provider does not take this currency.
     *
     * `money.not_positive`: An amount has to be more than nothing.
     *
     * `money.not_divisible`: The payment provider does not take so fine an amount in this currency.
     *
     * `money.above_maximum`: The payment provider does not take so large an amount.
     *
     * `money.below_minimum`: The payment provider does not take so small an amount.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'payments.refused_by_provider' | 'money.not_chargeable' | 'money.not_positive' | 'money.not_divisible' | 'money.above_maximum' | 'money.below_minimum';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `payments.not_configured`: Payments are not set up here.
     *
     * `payments.provider_unavailable`: The payment provider did not answer; whether it has begun the payment is not known.
     */
    503: Problem & {
        code: 'payments.not_configured' | 'payments.provider_unavailable';
    };
};

export type PaymentsCreateIntentError = PaymentsCreateIntentErrors[keyof PaymentsCreateIntentErrors];

export type PaymentsCreateIntentResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            payment: {
                id: string;
                userId: string;
                price: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                captured: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                refunded: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                refundPending: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                disputed: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                chargedBack: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                description: string | null;
                reference: string | null;
                /**
                 * `held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.
                 */
                state: 'created' | 'requires_action' | 'processing' | 'held' | 'frozen' | 'released' | 'refunded' | 'charged_back' | 'failed' | 'cancelled' | 'amount_mismatch';
                failure: string | null;
                provider: 'stripe';
                providerRef: string | null;
                heldAt: string | null;
                createdAt: string;
            };
            /**
             * Finishes the payment in the customer’s browser, with Stripe’s own library.
             */
            clientSecret: string;
        };
    };
};

export type PaymentsCreateIntentResponse = PaymentsCreateIntentResponses[keyof PaymentsCreateIntentResponses];

export type PaymentsCreateCheckoutSessionData = {
    body: {
        /**
         * A whole number of the smallest unit: USD 10.99 is `1099`.
         */
        amount: string;
        /**
         * ISO 4217, or `CRD` for credits.
         */
        currency: 'AED' | 'AFN' | 'ALL' | 'AMD' | 'AOA' | 'ARS' | 'AUD' | 'AWG' | 'AZN' | 'BAM' | 'BBD' | 'BDT' | 'BHD' | 'BIF' | 'BMD' | 'BND' | 'BOB' | 'BRL' | 'BSD' | 'BTN' | 'BWP' | 'BYN' | 'BZD' | 'CAD' | 'CDF' | 'CHF' | 'CLP' | 'CNY' | 'COP' | 'CRC' | 'CRD' | 'CUP' | 'CVE' | 'CZK' | 'DJF' | 'DKK' | 'DOP' | 'DZD' | 'EGP' | 'ERN' | 'ETB' | 'EUR' | 'FJD' | 'FKP' | 'GBP' | 'GEL' | 'GHS' | 'GIP' | 'GMD' | 'GNF' | 'GTQ' | 'GYD' | 'HKD' | 'HNL' | 'HTG' | 'HUF' | 'IDR' | 'ILS' | 'INR' | 'IQD' | 'IRR' | 'ISK' | 'JMD' | 'JOD' | 'JPY' | 'KES' | 'KGS' | 'KHR' | 'KMF' | 'KPW' | 'KRW' | 'KWD' | 'KYD' | 'KZT' | 'LAK' | 'LBP' | 'LKR' | 'LRD' | 'LSL' | 'LYD' | 'MAD' | 'MDL' | 'MGA' | 'MKD' | 'MMK' | 'MNT' | 'MOP' | 'MRU' | 'MUR' | 'MVR' | 'MWK' | 'MXN' | 'MYR' | 'MZN' | 'NAD' | 'NGN' | 'NIO' | 'NOK' | 'NPR' | 'NZD' | 'OMR' | 'PAB' | 'PEN' | 'PGK' | 'PHP' | 'PKR' | 'PLN' | 'PYG' | 'QAR' | 'RON' | 'RSD' | 'RUB' | 'RWF' | 'SAR' | 'SBD' | 'SCR' | 'SDG' | 'SEK' | 'SGD' | 'SHP' | 'SLE' | 'SOS' | 'SRD' | 'SSP' | 'STN' | 'SVC' | 'SYP' | 'SZL' | 'THB' | 'TJS' | 'TMT' | 'TND' | 'TOP' | 'TRY' | 'TTD' | 'TWD' | 'TZS' | 'UAH' | 'UGX' | 'USD' | 'UYU' | 'UZS' | 'VED' | 'VES' | 'VND' | 'VUV' | 'WST' | 'XAF' | 'XCD' | 'XCG' | 'XOF' | 'XPF' | 'YER' | 'ZAR' | 'ZMW' | 'ZWG';
        description?: string;
        /**
         * What you call it: of one name there is one payment, whatever key asks for it.
         */
        reference?: string;
        /**
         * Where the customer goes after paying: a path of FRONTEND_URL, or an address of one of our origins. `payment` is added to it.
         */
        successUrl?: string;
        /**
         * Where the customer goes when they change their mind: a path of FRONTEND_URL, or an address of one of our origins. `payment` is added to it.
         */
        cancelUrl?: string;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/checkout/sessions';
};

export type PaymentsCreateCheckoutSessionErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `payments.attempt_over`: What this key was used for is over, and leads to nothing any more.
     *
     * `payments.reference_taken`: There is a payment with this reference already.
     */
    409: Problem & {
        code: 'payments.attempt_over' | 'payments.reference_taken';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `payments.refused_by_provider`: The payment provider refuses this payment.
     *
     * `money.not_chargeable`: The payment provider does not take this currency.
     *
     * `money.not_positive`: An amount has to be more than nothing.
     *
     * `money.not_divisible`: The payment provider does not take so fine an amount in this currency.
     *
     * `money.above_maximum`: The payment provider does not take so large an amount.
     *
     * `money.below_minimum`: The payment provider does not take so small an amount.
     *
     * `payments.address_not_allowed`: A customer is not sent to this address.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'payments.refused_by_provider' | 'money.not_chargeable' | 'money.not_positive' | 'money.not_divisible' | 'money.above_maximum' | 'money.below_minimum' | 'payments.address_not_allowed';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `payments.not_configured`: Payments are not set up here.
     *
     * `payments.provider_unavailable`: The payment provider did not answer; whether it has begun the payment is not known.
     */
    503: Problem & {
        code: 'payments.not_configured' | 'payments.provider_unavailable';
    };
};

export type PaymentsCreateCheckoutSessionError = PaymentsCreateCheckoutSessionErrors[keyof PaymentsCreateCheckoutSessionErrors];

export type PaymentsCreateCheckoutSessionResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            payment: {
                id: string;
                userId: string;
                price: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                captured: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                refunded: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                refundPending: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                disputed: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                chargedBack: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                description: string | null;
                reference: string | null;
                /**
                 * `held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.
                 */
                state: 'created' | 'requires_action' | 'processing' | 'held' | 'frozen' | 'released' | 'refunded' | 'charged_back' | 'failed' | 'cancelled' | 'amount_mismatch';
                failure: string | null;
                provider: 'stripe';
                providerRef: string | null;
                heldAt: string | null;
                createdAt: string;
            };
            /**
             * The provider’s page on which the customer pays.
             */
            url: string;
        };
    };
};

export type PaymentsCreateCheckoutSessionResponse = PaymentsCreateCheckoutSessionResponses[keyof PaymentsCreateCheckoutSessionResponses];

export type PaymentsStartAttemptData = {
    body: {
        /**
         * `session`: on the provider’s page. `intent`: in a page of ours.
         */
        kind: 'intent' | 'session';
        /**
         * Where the customer goes after paying: a path of FRONTEND_URL, or an address of one of our origins. `payment` is added to it.
         */
        successUrl?: string;
        /**
         * Where the customer goes when they change their mind: a path of FRONTEND_URL, or an address of one of our origins. `payment` is added to it.
         */
        cancelUrl?: string;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/payments/{id}/attempts';
};

export type PaymentsStartAttemptErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `payments.payment_not_found`: There is no such payment.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'payments.payment_not_found';
    };
    /**
     * `payments.attempt_over`: What this key was used for is over, and leads to nothing any more.
     *
     * `payments.already_paid`: This payment is paid.
     *
     * `payments.payment_closed`: This payment takes no money any more.
     *
     * `payments.in_progress`: The customer’s bank is at this payment, and says later whether it pays.
     *
     * `payments.other_attempt`: Somebody has just begun another attempt to pay this.
     *
     * `payments.too_many_attempts`: This payment was tried too often.
     */
    409: Problem & {
        code: 'payments.attempt_over' | 'payments.already_paid' | 'payments.payment_closed' | 'payments.in_progress' | 'payments.other_attempt' | 'payments.too_many_attempts';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `payments.refused_by_provider`: The payment provider refuses this payment.
     *
     * `payments.address_not_allowed`: A customer is not sent to this address.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'payments.refused_by_provider' | 'payments.address_not_allowed';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `payments.not_configured`: Payments are not set up here.
     *
     * `payments.provider_unavailable`: The payment provider did not answer; whether it has begun the payment is not known.
     */
    503: Problem & {
        code: 'payments.not_configured' | 'payments.provider_unavailable';
    };
};

export type PaymentsStartAttemptError = PaymentsStartAttemptErrors[keyof PaymentsStartAttemptErrors];

export type PaymentsStartAttemptResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            payment: {
                id: string;
                userId: string;
                price: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                captured: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                refunded: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                refundPending: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                disputed: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                chargedBack: {
                    /**
                     * A whole number of the smallest unit: USD 10.99 is `1099`.
                     */
                    amount: string;
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                };
                description: string | null;
                reference: string | null;
                /**
                 * `held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.
                 */
                state: 'created' | 'requires_action' | 'processing' | 'held' | 'frozen' | 'released' | 'refunded' | 'charged_back' | 'failed' | 'cancelled' | 'amount_mismatch';
                failure: string | null;
                provider: 'stripe';
                providerRef: string | null;
                heldAt: string | null;
                createdAt: string;
            };
            clientSecret: string | null;
            url: string | null;
        };
    };
};

export type PaymentsStartAttemptResponse = PaymentsStartAttemptResponses[keyof PaymentsStartAttemptResponses];

export type PaymentsCancelData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/payments/{id}/cancel';
};

export type PaymentsCancelErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `payments.payment_not_found`: There is no such payment.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'payments.payment_not_found';
    };
    /**
     * `payments.already_paid`: This payment is paid.
     *
     * `payments.payment_closed`: This payment takes no money any more.
     *
     * `payments.in_progress`: The customer’s bank is at this payment, and says later whether it pays.
     */
    409: Problem & {
        code: 'payments.already_paid' | 'payments.payment_closed' | 'payments.in_progress';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `payments.not_configured`: Payments are not set up here.
     *
     * `payments.provider_unavailable`: The payment provider did not answer; whether it has begun the payment is not known.
     */
    503: Problem & {
        code: 'payments.not_configured' | 'payments.provider_unavailable';
    };
};

export type PaymentsCancelError = PaymentsCancelErrors[keyof PaymentsCancelErrors];

export type PaymentsCancelResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            userId: string;
            price: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            captured: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            refunded: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            refundPending: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            disputed: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            chargedBack: {
                /**
                 * A whole number of the smallest unit: USD 10.99 is `1099`.
                 */
                amount: string;
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
            };
            description: string | null;
            reference: string | null;
            /**
             * `held`: the money is here. `frozen`: a dispute claims some of it. `released`: it is with whoever earned it.
             */
            state: 'created' | 'requires_action' | 'processing' | 'held' | 'frozen' | 'released' | 'refunded' | 'charged_back' | 'failed' | 'cancelled' | 'amount_mismatch';
            failure: string | null;
            provider: 'stripe';
            providerRef: string | null;
            heldAt: string | null;
            createdAt: string;
        };
    };
};

export type PaymentsCancelResponse = PaymentsCancelResponses[keyof PaymentsCancelResponses];

export type ReconciliationListRunsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        state?: 'waiting' | 'running' | 'clean' | 'drift' | 'failed' | 'abandoned';
    };
    url: '/api/v1/reconciliation/runs';
};

export type ReconciliationListRunsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type ReconciliationListRunsError = ReconciliationListRunsErrors[keyof ReconciliationListRunsErrors];

export type ReconciliationListRunsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            provider: 'stripe';
            /**
             * How far back it looks.
             */
            span: '24h' | '72h' | '35d' | 'full';
            trigger: 'clock' | 'person' | 'command';
            isDryRun: boolean;
            /**
             * `clean`: nothing is left that is different. `drift`: something is.
             */
            state: 'waiting' | 'running' | 'clean' | 'drift' | 'failed' | 'abandoned';
            since: string;
            /**
             * Where it is; empty when it has been everywhere.
             */
            stage: string;
            /**
             * How many of what were looked at.
             */
            scanned: {
                [key: string]: number;
            };
            outcomes: {
                found?: number;
                healed?: number;
                would_heal?: number;
                open?: number;
                suspected?: number;
                accepted?: number;
            };
            balances: Array<{
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
                /**
                 * A whole number of the smallest unit.
                 */
                provider: string;
                /**
                 * A whole number of the smallest unit.
                 */
                ledger: string;
                /**
                 * A whole number of the smallest unit.
                 */
                explained: string;
                /**
                 * A whole number of the smallest unit.
                 */
                unexplained: string;
            }>;
            problem: string | null;
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type ReconciliationListRunsResponse = ReconciliationListRunsResponses[keyof ReconciliationListRunsResponses];

export type ReconciliationRunData = {
    body: {
        /**
         * How far back it looks.
         */
        span?: '24h' | '72h' | '35d' | 'full';
        isDryRun?: boolean;
    };
    headers: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key': string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/reconciliation/runs';
};

export type ReconciliationRunErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `reconciliation.under_way`: Another run is under way.
     */
    409: Problem & {
        code: 'reconciliation.under_way';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `reconciliation.not_configured`: There is no payment provider to compare with.
     */
    503: Problem & {
        code: 'reconciliation.not_configured';
    };
};

export type ReconciliationRunError = ReconciliationRunErrors[keyof ReconciliationRunErrors];

export type ReconciliationRunResponses = {
    /**
     * Default Response
     */
    202: {
        data: {
            id: string;
            provider: 'stripe';
            /**
             * How far back it looks.
             */
            span: '24h' | '72h' | '35d' | 'full';
            trigger: 'clock' | 'person' | 'command';
            isDryRun: boolean;
            /**
             * `clean`: nothing is left that is different. `drift`: something is.
             */
            state: 'waiting' | 'running' | 'clean' | 'drift' | 'failed' | 'abandoned';
            since: string;
            /**
             * Where it is; empty when it has been everywhere.
             */
            stage: string;
            /**
             * How many of what were looked at.
             */
            scanned: {
                [key: string]: number;
            };
            outcomes: {
                found?: number;
                healed?: number;
                would_heal?: number;
                open?: number;
                suspected?: number;
                accepted?: number;
            };
            balances: Array<{
                /**
                 * ISO 4217, or `CRD` for credits.
                 */
                currency: string;
                /**
                 * A whole number of the smallest unit.
                 */
                provider: string;
                /**
                 * A whole number of the smallest unit.
                 */
                ledger: string;
                /**
                 * A whole number of the smallest unit.
                 */
                explained: string;
                /**
                 * A whole number of the smallest unit.
                 */
                unexplained: string;
            }>;
            problem: string | null;
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
        };
    };
};

export type ReconciliationRunResponse = ReconciliationRunResponses[keyof ReconciliationRunResponses];

export type ReconciliationGetRunData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/reconciliation/runs/{id}';
};

export type ReconciliationGetRunErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `reconciliation.run_not_found`: There is no such run.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'reconciliation.run_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type ReconciliationGetRunError = ReconciliationGetRunErrors[keyof ReconciliationGetRunErrors];

export type ReconciliationGetRunResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            run: {
                id: string;
                provider: 'stripe';
                /**
                 * How far back it looks.
                 */
                span: '24h' | '72h' | '35d' | 'full';
                trigger: 'clock' | 'person' | 'command';
                isDryRun: boolean;
                /**
                 * `clean`: nothing is left that is different. `drift`: something is.
                 */
                state: 'waiting' | 'running' | 'clean' | 'drift' | 'failed' | 'abandoned';
                since: string;
                /**
                 * Where it is; empty when it has been everywhere.
                 */
                stage: string;
                /**
                 * How many of what were looked at.
                 */
                scanned: {
                    [key: string]: number;
                };
                outcomes: {
                    found?: number;
                    healed?: number;
                    would_heal?: number;
                    open?: number;
                    suspected?: number;
                    accepted?: number;
                };
                balances: Array<{
                    /**
                     * ISO 4217, or `CRD` for credits.
                     */
                    currency: string;
                    /**
                     * A whole number of the smallest unit.
                     */
                    provider: string;
                    /**
                     * A whole number of the smallest unit.
                     */
                    ledger: string;
                    /**
                     * A whole number of the smallest unit.
                     */
                    explained: string;
                    /**
                     * A whole number of the smallest unit.
                     */
                    unexplained: string;
                }>;
                problem: string | null;
                createdAt: string;
                startedAt: string | null;
                endedAt: string | null;
            };
            /**
             * The first 500.
             */
            findings: Array<{
                id: string;
                class: 'missing_here' | 'behind' | 'orphan' | 'missing_there' | 'amount_differs' | 'two_objects' | 'unposted' | 'posted_alone' | 'overdue' | 'lagging' | 'ledger_broken' | 'clearing_differs';
                severity: 'warning' | 'critical';
                kind: string;
                /**
                 * What the provider calls it; else an invariant or a currency.
                 */
                ref: string;
                ourId: string | null;
                expected: string;
                found: string;
                delta: string | null;
                currency: string | null;
                outcome: 'found' | 'healed' | 'would_heal' | 'open' | 'suspected' | 'accepted';
                createdAt: string;
            }>;
        };
    };
};

export type ReconciliationGetRunResponse = ReconciliationGetRunResponses[keyof ReconciliationGetRunResponses];

export type ReconciliationListDriftsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        state?: 'suspected' | 'open' | 'accepted' | 'gone';
        severity?: 'warning' | 'critical';
        class?: 'missing_here' | 'behind' | 'orphan' | 'missing_there' | 'amount_differs' | 'two_objects' | 'unposted' | 'posted_alone' | 'overdue' | 'lagging' | 'ledger_broken' | 'clearing_differs';
    };
    url: '/api/v1/reconciliation/drifts';
};

export type ReconciliationListDriftsErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type ReconciliationListDriftsError = ReconciliationListDriftsErrors[keyof ReconciliationListDriftsErrors];

export type ReconciliationListDriftsResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            class: 'missing_here' | 'behind' | 'orphan' | 'missing_there' | 'amount_differs' | 'two_objects' | 'unposted' | 'posted_alone' | 'overdue' | 'lagging' | 'ledger_broken' | 'clearing_differs';
            severity: 'warning' | 'critical';
            kind: string;
            /**
             * What the provider calls it; else an invariant or a currency.
             */
            ref: string;
            ourId: string | null;
            expected: string;
            found: string;
            delta: string | null;
            currency: string | null;
            state: 'suspected' | 'open' | 'accepted' | 'gone';
            note: string | null;
            firstSeenAt: string;
            lastSeenAt: string;
            lastRunId: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type ReconciliationListDriftsResponse = ReconciliationListDriftsResponses[keyof ReconciliationListDriftsResponses];

export type ReconciliationGetDriftData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/reconciliation/drifts/{id}';
};

export type ReconciliationGetDriftErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `reconciliation.drift_not_found`: There is no such difference.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'reconciliation.drift_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type ReconciliationGetDriftError = ReconciliationGetDriftErrors[keyof ReconciliationGetDriftErrors];

export type ReconciliationGetDriftResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            class: 'missing_here' | 'behind' | 'orphan' | 'missing_there' | 'amount_differs' | 'two_objects' | 'unposted' | 'posted_alone' | 'overdue' | 'lagging' | 'ledger_broken' | 'clearing_differs';
            severity: 'warning' | 'critical';
            kind: string;
            /**
             * What the provider calls it; else an invariant or a currency.
             */
            ref: string;
            ourId: string | null;
            expected: string;
            found: string;
            delta: string | null;
            currency: string | null;
            state: 'suspected' | 'open' | 'accepted' | 'gone';
            note: string | null;
            firstSeenAt: string;
            lastSeenAt: string;
            lastRunId: string;
        };
    };
};

export type ReconciliationGetDriftResponse = ReconciliationGetDriftResponses[keyof ReconciliationGetDriftResponses];

export type ReconciliationAcceptDriftData = {
    body: {
        note: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/reconciliation/drifts/{id}/acceptance';
};

export type ReconciliationAcceptDriftErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `reconciliation.drift_not_found`: There is no such difference.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'reconciliation.drift_not_found';
    };
    /**
     * `reconciliation.not_open`: Only a difference that is open can be accepted.
     */
    409: Problem & {
        code: 'reconciliation.not_open';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded';
    };
};

export type ReconciliationAcceptDriftError = ReconciliationAcceptDriftErrors[keyof ReconciliationAcceptDriftErrors];

export type ReconciliationAcceptDriftResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            class: 'missing_here' | 'behind' | 'orphan' | 'missing_there' | 'amount_differs' | 'two_objects' | 'unposted' | 'posted_alone' | 'overdue' | 'lagging' | 'ledger_broken' | 'clearing_differs';
            severity: 'warning' | 'critical';
            kind: string;
            /**
             * What the provider calls it; else an invariant or a currency.
             */
            ref: string;
            ourId: string | null;
            expected: string;
            found: string;
            delta: string | null;
            currency: string | null;
            state: 'suspected' | 'open' | 'accepted' | 'gone';
            note: string | null;
            firstSeenAt: string;
            lastSeenAt: string;
            lastRunId: string;
        };
    };
};

export type ReconciliationAcceptDriftResponse = ReconciliationAcceptDriftResponses[keyof ReconciliationAcceptDriftResponses];

export type ReconciliationGetReleasesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/api/v1/reconciliation/releases';
};

export type ReconciliationGetReleasesErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type ReconciliationGetReleasesError = ReconciliationGetReleasesErrors[keyof ReconciliationGetReleasesErrors];

export type ReconciliationGetReleasesResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            isAllowed: boolean;
            blocks: Array<{
                by: 'ledger' | 'drift';
                class: string;
                ref: string;
                driftId: string | null;
            }>;
        };
    };
};

export type ReconciliationGetReleasesResponse = ReconciliationGetReleasesResponses[keyof ReconciliationGetReleasesResponses];

export type InvitationsListData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Rows per page.
         */
        limit?: number;
        /**
         * `meta.nextCursor` of the page before.
         */
        cursor?: string;
        /**
         * With `-`: the greatest, or the newest, first. Without it `-createdAt`. A cursor goes on in the order that it came from.
         */
        sort?: 'createdAt' | '-createdAt' | 'email' | '-email';
        /**
         * Only `pending` ones can be accepted. A new one for the same address makes the older `replaced`. With `inviter_lost_right`, whoever answers for it may not give the role any more: sent again by somebody who may, it is `pending`.
         */
        status?: 'pending' | 'accepted' | 'revoked' | 'replaced' | 'expired' | 'inviter_lost_right';
        /**
         * Also count them all.
         */
        total?: boolean;
    };
    url: '/api/v1/invitations';
};

export type InvitationsListErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type InvitationsListError = InvitationsListErrors[keyof InvitationsListErrors];

export type InvitationsListResponses = {
    /**
     * Default Response
     */
    200: {
        data: Array<{
            id: string;
            email: string;
            role: string;
            name: string | null;
            message: string | null;
            /**
             * Only `pending` ones can be accepted. A new one for the same address makes the older `replaced`. With `inviter_lost_right`, whoever answers for it may not give the role any more: sent again by somebody who may, it is `pending`.
             */
            status: 'pending' | 'accepted' | 'revoked' | 'replaced' | 'expired' | 'inviter_lost_right';
            /**
             * Who sent the newest mail, and answers for the role.
             */
            invitedBy: string;
            sentAt: string;
            expiresAt: string;
            endedAt: string | null;
            acceptedBy: string | null;
            createdAt: string;
        }>;
        meta: {
            nextCursor: string | null;
            total?: number;
            /**
             * False: there are more than `total`, which nobody counted.
             */
            isTotalExact?: boolean;
        };
    };
};

export type InvitationsListResponse = InvitationsListResponses[keyof InvitationsListResponses];

export type InvitationsInviteData = {
    body: {
        email: string;
        role: string;
        /**
         * Suggested to whoever accepts.
         */
        name?: string;
        /**
         * A few words for the mail.
         */
        message?: string;
    };
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/invitations';
};

export type InvitationsInviteErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `access.role_above_own`: You cannot give a role that permits more than you may do, nor take it from somebody.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'access.role_above_own';
    };
    /**
     * `invitations.own_address`: This is your own address.
     */
    409: Problem & {
        code: 'invitations.own_address';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `access.unknown_role`: There is no such role.
     *
     * `users.invalid_email`: This is not an e-mail address we can send to.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'access.unknown_role' | 'users.invalid_email';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     *
     * `invitations.too_many_mails`: This address was sent several invitations in the last hour.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded' | 'invitations.too_many_mails';
    };
};

export type InvitationsInviteError = InvitationsInviteErrors[keyof InvitationsInviteErrors];

export type InvitationsInviteResponses = {
    /**
     * Default Response
     */
    201: {
        data: {
            id: string;
            email: string;
            role: string;
            name: string | null;
            message: string | null;
            /**
             * Only `pending` ones can be accepted. A new one for the same address makes the older `replaced`. With `inviter_lost_right`, whoever answers for it may not give the role any more: sent again by somebody who may, it is `pending`.
             */
            status: 'pending' | 'accepted' | 'revoked' | 'replaced' | 'expired' | 'inviter_lost_right';
            /**
             * Who sent the newest mail, and answers for the role.
             */
            invitedBy: string;
            sentAt: string;
            expiresAt: string;
            endedAt: string | null;
            acceptedBy: string | null;
            createdAt: string;
        };
    };
};

export type InvitationsInviteResponse = InvitationsInviteResponses[keyof InvitationsInviteResponses];

export type InvitationsRevokeData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/invitations/{id}';
};

export type InvitationsRevokeErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.role_above_own`: You cannot give a role that permits more than you may do, nor take it from somebody.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.role_above_own';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `invitations.invitation_not_found`: There is no such invitation.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'invitations.invitation_not_found';
    };
    /**
     * `invitations.not_waiting`: This invitation was accepted, revoked or replaced.
     */
    409: Problem & {
        code: 'invitations.not_waiting';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type InvitationsRevokeError = InvitationsRevokeErrors[keyof InvitationsRevokeErrors];

export type InvitationsRevokeResponses = {
    /**
     * Default Response
     */
    204: void;
};

export type InvitationsRevokeResponse = InvitationsRevokeResponses[keyof InvitationsRevokeResponses];

export type InvitationsGetData = {
    body?: never;
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/invitations/{id}';
};

export type InvitationsGetErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `invitations.invitation_not_found`: There is no such invitation.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'invitations.invitation_not_found';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type InvitationsGetError = InvitationsGetErrors[keyof InvitationsGetErrors];

export type InvitationsGetResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            email: string;
            role: string;
            name: string | null;
            message: string | null;
            /**
             * Only `pending` ones can be accepted. A new one for the same address makes the older `replaced`. With `inviter_lost_right`, whoever answers for it may not give the role any more: sent again by somebody who may, it is `pending`.
             */
            status: 'pending' | 'accepted' | 'revoked' | 'replaced' | 'expired' | 'inviter_lost_right';
            /**
             * Who sent the newest mail, and answers for the role.
             */
            invitedBy: string;
            sentAt: string;
            expiresAt: string;
            endedAt: string | null;
            acceptedBy: string | null;
            createdAt: string;
        };
    };
};

export type InvitationsGetResponse = InvitationsGetResponses[keyof InvitationsGetResponses];

export type InvitationsResendData = {
    body?: never;
    headers?: {
        /**
         * The same key never has two effects.
         */
        'idempotency-key'?: string;
        /**
         * A code of your authenticator, which works once; then none is asked for in this session for ADMIN_ELEVATION.
         */
        'x-admin-mfa-code'?: string;
    };
    path: {
        id: string;
    };
    query?: never;
    url: '/api/v1/invitations/{id}/resend';
};

export type InvitationsResendErrors = {
    /**
     * `access.unauthenticated`: Sign in first.
     */
    401: Problem & {
        code: 'access.unauthenticated';
    };
    /**
     * `access.forbidden`: You may not do this.
     *
     * `access.impersonated`: Only the owner of this account may do this.
     *
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     *
     * `admin.mfa_required`: Administration asks for a code of your authenticator.
     *
     * `twofa.code_refused`: The code is wrong, too old, or was used before.
     *
     * `access.step_up_required`: Show once more that it is you.
     *
     * `access.role_above_own`: You cannot give a role that permits more than you may do, nor take it from somebody.
     */
    403: Problem & {
        code: 'access.forbidden' | 'access.impersonated' | 'access.session_required' | 'admin.mfa_required' | 'twofa.code_refused' | 'access.step_up_required' | 'access.role_above_own';
    };
    /**
     * `http.route_not_found`: There is nothing at this address.
     *
     * `invitations.invitation_not_found`: There is no such invitation.
     */
    404: Problem & {
        code: 'http.route_not_found' | 'invitations.invitation_not_found';
    };
    /**
     * `invitations.own_address`: This is your own address.
     *
     * `invitations.not_waiting`: This invitation was accepted, revoked or replaced.
     */
    409: Problem & {
        code: 'invitations.own_address' | 'invitations.not_waiting';
    };
    /**
     * `access.unknown_role`: There is no such role.
     */
    422: Problem & {
        code: 'access.unknown_role';
    };
    /**
     * `twofa.too_many_wrong_codes`: There were too many wrong codes for this account.
     *
     * `rate_limit.exceeded`: Too many requests.
     *
     * `invitations.too_many_mails`: This address was sent several invitations in the last hour.
     */
    429: Problem & {
        code: 'twofa.too_many_wrong_codes' | 'rate_limit.exceeded' | 'invitations.too_many_mails';
    };
};

export type InvitationsResendError = InvitationsResendErrors[keyof InvitationsResendErrors];

export type InvitationsResendResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            id: string;
            email: string;
            role: string;
            name: string | null;
            message: string | null;
            /**
             * Only `pending` ones can be accepted. A new one for the same address makes the older `replaced`. With `inviter_lost_right`, whoever answers for it may not give the role any more: sent again by somebody who may, it is `pending`.
             */
            status: 'pending' | 'accepted' | 'revoked' | 'replaced' | 'expired' | 'inviter_lost_right';
            /**
             * Who sent the newest mail, and answers for the role.
             */
            invitedBy: string;
            sentAt: string;
            expiresAt: string;
            endedAt: string | null;
            acceptedBy: string | null;
            createdAt: string;
        };
    };
};

export type InvitationsResendResponse = InvitationsResendResponses[keyof InvitationsResendResponses];

export type InvitationsLookUpData = {
    body: {
        token: string;
    };
    path?: never;
    query?: never;
    url: '/api/v1/invitations/lookup';
};

export type InvitationsLookUpErrors = {
    /**
     * `invitations.invalid_token`: This invitation is not valid any more.
     */
    400: Problem & {
        code: 'invitations.invalid_token';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     */
    422: Problem & {
        code: 'http.invalid_request';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
};

export type InvitationsLookUpError = InvitationsLookUpErrors[keyof InvitationsLookUpErrors];

export type InvitationsLookUpResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            /**
             * Only its beginning, and where it is.
             */
            email: string;
            role: string;
            name: string | null;
            inviter: string | null;
            expiresAt: string;
        };
    };
};

export type InvitationsLookUpResponse = InvitationsLookUpResponses[keyof InvitationsLookUpResponses];

export type InvitationsAcceptData = {
    body: {
        token: string;
        password?: string;
        name?: string;
        /**
         * 3 to 32 letters, digits, dots, dashes and underscores; case does not make it another one.
         */
        username?: string;
        /**
         * A browser session in a cookie, or an access and a refresh token.
         */
        mode?: 'cookie' | 'token';
    };
    path?: never;
    query?: never;
    url: '/api/v1/invitations/accept';
};

export type InvitationsAcceptErrors = {
    /**
     * `invitations.invalid_token`: This invitation is not valid any more.
     */
    400: Problem & {
        code: 'invitations.invalid_token';
    };
    /**
     * `access.session_required`: Only somebody who is signed in may do this, not a key.
     */
    403: Problem & {
        code: 'access.session_required';
    };
    /**
     * `invitations.account_exists`: There is an account with the address of this invitation.
     *
     * `invitations.other_account`: This invitation is for another address than that of your account.
     *
     * `users.username_taken`: This username is taken.
     */
    409: Problem & {
        code: 'invitations.account_exists' | 'invitations.other_account' | 'users.username_taken';
    };
    /**
     * `http.invalid_request`: The request is not valid.
     *
     * `auth.weak_password`: This password is too weak.
     */
    422: Problem & {
        code: 'http.invalid_request' | 'auth.weak_password';
    };
    /**
     * `rate_limit.exceeded`: Too many requests.
     */
    429: Problem & {
        code: 'rate_limit.exceeded';
    };
    /**
     * `tokens.unavailable`: Access tokens cannot be signed at the moment.
     */
    503: Problem & {
        code: 'tokens.unavailable';
    };
};

export type InvitationsAcceptError = InvitationsAcceptErrors[keyof InvitationsAcceptErrors];

export type InvitationsAcceptResponses = {
    /**
     * Default Response
     */
    200: {
        data: {
            status: 'joined';
            role: string;
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken?: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        };
    };
    /**
     * Default Response
     */
    201: {
        data: {
            user: {
                id: string;
                email: string;
                emailVerified: boolean;
                name: string | null;
                username: string | null;
                bio: string | null;
                avatar: string | null;
                locale: string;
                timeZone: string | null;
                privacy: {
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    profile: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    email: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    name: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    bio: 'public' | 'members' | 'nobody';
                    /**
                     * Who may see it: anybody, people who are signed in, or nobody else.
                     */
                    avatar: 'public' | 'members' | 'nobody';
                };
                roles: Array<string>;
                websocketId: string;
                lastLoginAt: string | null;
                createdAt: string;
            };
            /**
             * For the `X-CSRF-Token` header of cookie requests.
             */
            csrfToken: string;
            accessToken?: string;
            refreshToken?: string;
            /**
             * Seconds until the access token expires.
             */
            expiresIn?: number;
        } | {
            twoFactorRequired: true;
            /**
             * For `POST /auth/login/verify-2fa`; it opens that step and nothing else.
             */
            pendingToken: string;
            methods: Array<'totp' | 'backup_code' | 'passkey'>;
            expiresAt: string;
        };
    };
};

export type InvitationsAcceptResponse = InvitationsAcceptResponses[keyof InvitationsAcceptResponses];
