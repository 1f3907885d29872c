"""Committee packs: one document about an authority, as Word, PowerPoint, PDF, or pictures and tables in a ZIP file.

In come a :class:`~careleavers.views.context.Context` and :class:`.model.PackSettings` (template, sections in order, the council's
own words); :func:`.build.build_pack` makes a :class:`.blocks.Pack` of them, whose sentences, charts and tables are those of
``careleavers/views``; :class:`.images.Drawing` makes its pictures, and :mod:`.word`, :mod:`.powerpoint`, :mod:`.pdf` and
:mod:`.archive` write the file. The page Report and the command line do so through :func:`.making.make`. ::

    from careleavers.packs import build, making, model

    settings = model.from_template("annual", "E08000035", "neighbours", context.indicators)
    pack = build.build_pack(context, settings, build.Subject("E08000035", "Leeds", "Yorkshire and The Humber"))
    open("leeds.docx", "wb").write(making.make(pack, "docx"))

=====================  ===================================================================================================
``model``              the settings of a pack: strict JSON, a short form for links, the four templates
``blocks``             what a document is made of: headings, paragraphs, pictures, tables
``plain``              the Markdown of views as plain words
``sections``           a function for each kind of section, and the list of them
``build``              the sections in the order of a council's report, and the page of sources
``native``             the data of a chart, for charts that can be edited in PowerPoint
``drawn``              simple pictures of such data, where there is no browser to draw the page's own
``images``             the picture of each chart, as SVG and PNG
``office``             Word and PowerPoint files that are the same when made again
``word``               a .docx file
``powerpoint``         a .pptx file
``pdf``                a tagged PDF (``pack.typ``)
``archive``            a ZIP file of pictures, tables and settings
``making``             a pack as a file of one of these formats
``workshop``           the line of those who wait for a file
``logos``              a council's logo, cleaned
``style_template``     a council's Word template, of which only the styles are taken
=====================  ===================================================================================================
"""
