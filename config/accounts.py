"""Settings of logging in: django-allauth, its limits and its providers. Part of config/settings.py."""

import os

from config import environment, oidc

AUTH_USER_MODEL = "municipalities.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "municipalities.passwords.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Whoever runs the installation, or a region's people, must log in with two factors.
REQUIRE_TOTP_FOR_ADMINISTRATORS = environment.boolean("REQUIRE_TOTP_FOR_ADMINISTRATORS", False)
OIDC_PROVIDERS = oidc.providers(os.environ)

# Limits on guesses must hold across all web processes: they are counted in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "municipalities_sharedcache",
        "KEY_FUNCTION": "municipalities.accounts.limits.cache_key",
        # Room for so much that nobody can push a limit out by filling it up.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    # What need not be shared, as a light limit on an open page.
    "own": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "own"},
}

ACCOUNT_ADAPTER = "municipalities.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]  # closed; allauth wants it to agree
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE
# allauth's own would keep a second copy of everybody's address.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    # A key is an account as seen from browsers nobody knows, or one browser that is known.
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/10m/key",
}

SOCIALACCOUNT_ADAPTER = "municipalities.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address proves nothing
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10  # seconds

MFA_ADAPTER = "municipalities.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Samarbeidsavtaler"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation went to the address

USERSESSIONS_TRACK_ACTIVITY = False  # reading writes nothing
