"""Lists as real offices keep them; everybody in them is made up."""

BEV = (
    "Riverside Central Office;;;;\r\n"
    "Temporary sponsor list - updated 3/14;;;;\r\n"
    ";;;;\r\n"
    "Name;Phone;E-Mail;Language;Sobriety date\r\n"
    "Ruth Bergmann;(555) 010-0123;ruth.b@example.org;English;04/12/2004\r\n"
    ";;;;\r\n"
    "JOSÉ GARCÍA;555 010 0124;jose@example.org;Español;1/2/2010\r\n"
    "Ned O'Neill;;NED@Example.org ;;\r\n"
    ";;;;\r\n"
    "Zoë Ç.;555-010-0199;;English;\r\n"
)
"""A central office's, saved on an old machine: titles on top, blank rows, semicolons; meant for Latin-1."""

PHONE_WITH_THE_NAME = (
    "Contact,Mail,Wants,Since\n"
    '"Maria S. 555-010-0111",maria@example.org,needs sponsor,2026-03-31\n'
    '"Tom (Tommy) Baker, cell 555.010.0112",<tom@example.org>,will sponsor,31 March 2026\n'
    '"Lee, Ana - +1 (555) 010 0113",ana.lee (at) example.org,looking,13/04/2026\n'
    '"555 010 0114",nobody@example.org,looking,03/04/2026\n'
)
"""Names and telephone numbers in one cell, and the day in three ways."""

MADRID = (
    "\ufeffNombre\tApellidos\tCorreo electrónico\tBusca\tFecha de alta\tDirección\n"
    "María José\tLópez Ruiz\tmjose@example.org\tbusca madrina\t3 de abril de 2026\tCalle Mayor 1\n"
    "Íñigo\tde la Peña\tinigo@example.org\tpadrino\t12/05/2026\tCalle Luna 2\n"
)

LYON = (
    "Prénom;Nom de famille;Courriel;Langue;Inscrit depuis;Remarques\n"
    "Hélène;Martin;helene@example.org;français;3 avr. 2026;dort mal\n"
    "Jean-Pierre;Du Pont;jp@example.org;anglais;15.05.2026;\n"
)

BARE = "ruth@example.org, Ruth B\njose@example.org, José G\n"
"""No header at all."""

EXCEL = 'sep=;\n"Name";"Email"\n"Olga T";"olga@example.org"\n'
