"""Forms made from configurations: every label, tooltip, bound and unit comes from where the setting is declared."""
