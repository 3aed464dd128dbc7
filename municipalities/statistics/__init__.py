"""Population and municipalities from Statistics Norway (SSB).

`steps` says what to ask for, `client` asks politely, `formats` reads the answers, `review` compares
them with the register, and `service` keeps an import from the first question until it is taken into
use or dropped. A person sees every change before it is made.
"""
